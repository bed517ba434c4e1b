//! What a document says about itself to readers, archives and search: title, author, language, date.

use chrono::{DateTime, Utc};
use lopdf::{Document, Object, Stream, dictionary, text_string};
use sha2::{Digest, Sha256};

use super::{PrintError, Sheet, text, wording};

/// Writes language, title, author and date where each kind of program looks for them.
pub fn write(document: &mut Document, sheet: &Sheet) -> Result<(), PrintError> {
    let xmp = Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        xmp(sheet).into_bytes(),
    )
    // Archives look for the packet without knowing PDF.
    .with_compression(false);
    let xmp = document.add_object(xmp);
    let catalogue = document.catalog_mut()?;
    catalogue.remove(b"OutputIntents");
    catalogue.set("Metadata", Object::Reference(xmp));
    catalogue.set("Lang", text_string(wording::tag(&sheet.language)));
    catalogue.set(
        "ViewerPreferences",
        dictionary! { "DisplayDocTitle" => true },
    );
    let date = Object::string_literal(sheet.created.format("D:%Y%m%d%H%M%SZ").to_string());
    let information = document.add_object(dictionary! {
        "Title" => text_string(&title(sheet)),
        "Author" => text_string(&author(sheet)),
        "Creator" => text_string("Perron"),
        "Producer" => text_string("printpdf"),
        "CreationDate" => date.clone(),
        "ModDate" => date,
    });
    document.trailer.set("Info", Object::Reference(information));
    Ok(())
}

/// Gives the file its identifier: a digest of all it contains, so that the same sheet has the same.
pub fn identify(document: &mut Document) {
    let mut digest = Sha256::new();
    for (id, object) in &document.objects {
        digest.update(id.0.to_be_bytes());
        if let Object::Stream(stream) = object {
            digest.update(&stream.content);
        }
    }
    let id: Vec<u8> = digest.finalize().iter().take(16).copied().collect();
    let id = Object::String(id, lopdf::StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
}

fn title(sheet: &Sheet) -> String {
    text::glance(&sheet.title)
}

fn author(sheet: &Sheet) -> String {
    text::glance(&sheet.letterhead.authority_name)
}

/// The same facts once more, as XMP. No claim of PDF/A or PDF/UA: no validator has confirmed one.
fn xmp(sheet: &Sheet) -> String {
    let language = wording::tag(&sheet.language);
    let title = escaped(&title(sheet));
    let author = escaped(&author(sheet));
    let date = iso(sheet.created);
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <xmp:MetadataDate>{date}</xmp:MetadataDate>
   <xmp:CreatorTool>Perron</xmp:CreatorTool>
   <pdf:Producer>printpdf</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#,
        bom = '\u{feff}'
    )
}

fn iso(date: DateTime<Utc>) -> String {
    date.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// XML text; the few characters XML forbids even when escaped are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}
