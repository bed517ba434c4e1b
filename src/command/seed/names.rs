//! Chance, and the people it makes up. Nobody bears these family names; the mail addresses are under
//! `.example`, where nobody receives anything.

/// Numbers that look drawn by lot, the same for the same seed (`SplitMix64`, in the public domain).
#[derive(Clone, Debug)]
pub struct Chance(u64);

/// Somebody who does not exist.
pub struct Person {
    pub first: &'static str,
    pub last: &'static str,
    number: usize,
}

const FIRST: [&str; 48] = [
    "Adèle",
    "Ahmed",
    "Alice",
    "Amina",
    "Anouk",
    "Arthur",
    "Aurélie",
    "Basile",
    "Béatrice",
    "Bilal",
    "Camille",
    "Chloé",
    "Clément",
    "Corentin",
    "Daphné",
    "Denis",
    "Élise",
    "Émile",
    "Esther",
    "Fanny",
    "Félix",
    "Gaëlle",
    "Georges",
    "Hanane",
    "Hugo",
    "Inès",
    "Jeanne",
    "Joseph",
    "Karim",
    "Laure",
    "Léon",
    "Lucie",
    "Malik",
    "Marguerite",
    "Maxime",
    "Nadège",
    "Noémie",
    "Octave",
    "Pauline",
    "Quentin",
    "Rachid",
    "Rosalie",
    "Samira",
    "Simon",
    "Thérèse",
    "Victor",
    "Yasmine",
    "Zoé",
];

const LAST: [&str; 48] = [
    "Exemple",
    "Fictif",
    "Modèle",
    "Témoin",
    "Spécimen",
    "Lessai",
    "Dutest",
    "Imaginaire",
    "Delafable",
    "Vandefiction",
    "Personnage",
    "Duroman",
    "Lefictif",
    "Dubrouillon",
    "Delapage",
    "Maquette",
    "Prototype",
    "Échantillon",
    "Dumodèle",
    "Delessai",
    "Lanonyme",
    "Quidam",
    "Untel",
    "Dutemplate",
    "Vanvoorbeeld",
    "Delafeuille",
    "Ducanevas",
    "Esquisse",
    "Lebauche",
    "Hypothèse",
    "Duconte",
    "Delalégende",
    "Chimère",
    "Mirage",
    "Fantoche",
    "Figurant",
    "Dufigurant",
    "Doublure",
    "Pseudonyme",
    "Alias",
    "Dupapier",
    "Delencre",
    "Virgule",
    "Guillemet",
    "Parenthèse",
    "Astérisque",
    "Majuscule",
    "Dutiret",
];

impl Chance {
    /// The numbers of that seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next one.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`; 0 when `most` is 0.
    pub fn below(&mut self, most: usize) -> usize {
        self.next().checked_rem(most as u64).unwrap_or(0) as usize
    }

    /// A number from 0 to 1, without 1.
    pub fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Somebody.
    pub fn person(&mut self) -> Person {
        Person {
            first: FIRST[self.below(FIRST.len())],
            last: LAST[self.below(LAST.len())],
            number: self.below(10_000),
        }
    }
}

impl Person {
    /// "Zoé Exemple".
    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// An address where nobody is.
    pub fn email(&self) -> String {
        let plain = crate::request::search_key(&self.name()).replace(' ', ".");
        format!("{plain}.{}@citoyen.example", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_people() {
        let draw = |seed| {
            let mut chance = Chance::new(seed);
            (0..5).map(|_| chance.person().name()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn a_part_lies_between_nought_and_one() {
        let mut chance = Chance::new(1);
        assert!((0..1000).all(|_| (0.0..1.0).contains(&chance.part())));
        assert_eq!(chance.below(0), 0);
        assert!(chance.person().email().is_ascii());
    }
}
