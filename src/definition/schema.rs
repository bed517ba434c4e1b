//! The JSON Schema of definition files, so that editors complete and check them.
