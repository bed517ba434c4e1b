//! The JSON Schemas of definition files, so that an editor completes them, explains each key and
//! underlines what does not belong. They are made from the very types the loader reads into.

use super::site::{Group, Registry};
use super::{Procedure, Site, Workflow};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The schema of a procedure file (`commune/composition-de-menage.yaml`).
pub fn procedure_schema() -> Value {
    schema::<Procedure>("Une démarche")
}

/// The schema of a shared group (`shared/groups/*.yaml`).
pub fn group_schema() -> Value {
    schema::<Group>("Un groupe de questions")
}

/// The schema of a shared workflow (`shared/workflows/*.yaml`).
pub fn workflow_schema() -> Value {
    schema::<Workflow>("Un parcours")
}

/// The schema of a registry (`shared/registries/*.yaml`).
pub fn registry_schema() -> Value {
    schema::<Registry>("Un registre")
}

/// The schema of the site file (`site.yaml`).
pub fn site_schema() -> Value {
    schema::<Site>("Un site")
}

/// Every schema, under the name of its file: `procedure.schema.json`.
pub fn all() -> [(&'static str, Value); 5] {
    [
        ("procedure.schema.json", procedure_schema()),
        ("group.schema.json", group_schema()),
        ("workflow.schema.json", workflow_schema()),
        ("registry.schema.json", registry_schema()),
        ("site.schema.json", site_schema()),
    ]
}

fn schema<T: JsonSchema>(title: &str) -> Value {
    let mut schema = of::<T>();
    if let Value::Object(map) = &mut schema {
        map.insert("title".to_owned(), title.into());
    }
    schema
}

/// The schema of a type, as it comes.
pub(crate) fn of<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    generator.into_root_schema_for::<T>().to_value()
}

/// Keys that objects of definitions can have, and those they must have.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub known: Vec<String>,
    pub required: Vec<String>,
}

/// The shape of every object in a schema.
pub(crate) fn shapes(schema: &Value) -> Vec<Shape> {
    let mut found = Vec::new();
    gather(schema, &mut found);
    found
}

fn gather(node: &Value, found: &mut Vec<Shape>) {
    match node {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                let required = map.get("required").and_then(Value::as_array);
                let required = required.into_iter().flatten().filter_map(Value::as_str);
                found.push(Shape {
                    known: properties.keys().cloned().collect(),
                    required: required.map(str::to_owned).collect(),
                });
            }
            map.values().for_each(|inner| gather(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| gather(inner, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The object of a schema that has this key.
    fn object<'s>(schema: &'s Value, name: &str) -> &'s Value {
        let found = schema.pointer(&format!("/$defs/{name}"));
        found.unwrap_or_else(|| panic!("no {name} in {schema:#}"))
    }

    fn keys(object: &Value) -> BTreeSet<&str> {
        let properties = object["properties"].as_object();
        let properties = properties.expect("an object with properties");
        properties.keys().map(String::as_str).collect()
    }

    #[test]
    fn an_editor_knows_every_key_of_a_question_and_what_it_is_for() {
        let schema = procedure_schema();
        let field = object(&schema, "Field");
        let expected: BTreeSet<_> = [
            "id",
            "type",
            "use",
            "label",
            "hint",
            "optional",
            "when",
            "because",
            "prefill",
            "options",
            "from",
            "as",
            "parts",
            "min",
            "max",
            "max_length",
            "min_items",
            "max_items",
            "accept",
            "max_mb",
            "fields",
            "add_label",
            "value",
            "shows",
            "level",
            "autocomplete",
        ]
        .into();
        assert_eq!(keys(field), expected);
        let described = field["properties"]["because"]["description"].as_str();
        assert!(described.is_some_and(|words| words.contains("Why this is asked")));
    }

    #[test]
    fn an_editor_knows_every_type_of_question() {
        let schema = procedure_schema();
        let text = object(&schema, "FieldType").to_string();
        for kind in [
            "text",
            "long_text",
            "national_number",
            "computed",
            "group",
            "period",
        ] {
            assert!(text.contains(&format!("\"{kind}\"")), "{kind} in {text}");
        }
    }

    #[test]
    fn an_editor_underlines_an_unknown_key_in_every_object() {
        for (name, schema) in all() {
            let mut waiting = vec![&schema];
            while let Some(node) = waiting.pop() {
                if node.get("properties").is_some() {
                    assert_eq!(node["additionalProperties"], false, "{name}: {node:#}");
                }
                match node {
                    Value::Object(map) => waiting.extend(map.values()),
                    Value::Array(items) => waiting.extend(items),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_text_may_be_written_once_or_in_several_languages() {
        let schema = procedure_schema();
        let text = object(&schema, "Text").to_string();
        assert!(
            text.contains("\"string\"") && text.contains("\"object\""),
            "{text}"
        );
    }

    #[test]
    fn what_the_loader_requires_is_what_the_schema_requires() {
        let schema = procedure_schema();
        let required = schema["required"].as_array().expect("a list");
        for key in [
            "id",
            "title",
            "form",
            "workflow",
            "routing",
            "deadline",
            "retention",
        ] {
            assert!(required.iter().any(|one| one == key), "{key}");
        }
        assert!(!required.iter().any(|one| one == "settings"));
    }
}
