//! What a citizen and an agent may rely on when a form is answered.
