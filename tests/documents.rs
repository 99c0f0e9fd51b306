//! Documents read for their text.

use std::io::{Cursor, Write};
use std::path::Path;

use chancery::exchange::documents::{read_text, text_of};
use chancery::exchange::{Error, ErrorKind, Limits, ReadOptions};
use proptest::prelude::*;

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const STRICT: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";

fn read(bytes: Vec<u8>, name: &str) -> Result<String, Error> {
    text_of(bytes, Path::new(name), &ReadOptions::new())
}

/// The paragraphs of a document.
fn paragraphs(bytes: Vec<u8>, name: &str) -> Vec<String> {
    let text = read(bytes, name).unwrap();
    text.trim_end().split("\n\n").map(str::to_owned).collect()
}

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        zip.start_file(*name, stored).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn docx_with(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='{W}'><w:body>{body}</w:body></w:document>");
    let mut all = vec![("[Content_Types].xml", ""), ("word/document.xml", document.as_str())];
    all.extend(parts);
    archive(&all)
}

fn docx(body: &str) -> Vec<String> {
    paragraphs(docx_with(body, &[]), "x.docx")
}

/// A paragraph of one run.
fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>")
}

#[test]
fn paragraphs_cells_and_breaks_of_a_word_file() {
    let body = format!(
        "{}<w:p/><w:p><w:r><w:t>Les Parties</w:t><w:tab/><w:t xml:space='preserve'> conviennent </w:t></w:r>\
         <w:r><w:t>de co</w:t><w:noBreakHyphen/><w:t>présider&#160;: &lt;A&gt; &amp; B.</w:t></w:r></w:p>\
         <w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}{}</w:tc></w:tr></w:tbl>\
         <w:p><w:r><w:t>Fait à Vellin,</w:t><w:br/><w:t>le 3 mai</w:t></w:r></w:p>",
        p("Accord"),
        p("un"),
        p("deux"),
        p("trois"),
    );
    let expected = [
        "Accord",
        "Les Parties\t conviennent de co\u{2011}présider\u{a0}: <A> & B.",
        "un",
        "deux",
        "trois",
        "Fait à Vellin,",
        "le 3 mai",
    ];
    assert_eq!(docx(&body), expected);
}

#[test]
fn tracked_changes_count_as_accepted() {
    let body = "<w:p><w:r><w:t xml:space='preserve'>Le délai est de </w:t></w:r>\
        <w:del><w:r><w:delText>trente</w:delText></w:r></w:del>\
        <w:ins><w:r><w:t>soixante</w:t></w:r></w:ins>\
        <w:moveFrom><w:r><w:t>parti</w:t></w:r></w:moveFrom>\
        <w:moveTo><w:r><w:t xml:space='preserve'> jours</w:t></w:r></w:moveTo></w:p>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>Une phrase </w:t></w:r></w:p>\
        <w:p><w:pPr><w:pPrChange><w:pPr><w:pStyle w:val='x'/></w:pPr></w:pPrChange></w:pPr>\
        <w:r><w:t>coupée.</w:t></w:r></w:p>";
    assert_eq!(docx(body), ["Le délai est de soixante jours", "Une phrase coupée."]);
}

#[test]
fn what_is_not_on_the_page_is_left_out() {
    let body = "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>\
        <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>3 mai</w:t></w:r>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r>\
        <w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t xml:space='preserve'> 2014</w:t></w:r>\
        <w:r><w:sym w:font='Wingdings' w:char='F0FC'/><w:sym w:font='Arial' w:char='2260'/></w:r></w:p>\
        <mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>\
        <mc:Choice><w:p><w:r><w:t>choisi</w:t></w:r></w:p></mc:Choice>\
        <mc:Fallback><w:p><w:r><w:t>autre</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>";
    assert_eq!(docx(body), ["3 mai 2014\u{2260}", "choisi"]);
}

#[test]
fn text_boxes_follow_their_paragraph_and_notes_the_text() {
    let body = "<w:p><w:r><w:t>Avant</w:t></w:r><w:r><w:pict><w:txbxContent>\
        <w:p><w:r><w:t>dans la boîte</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>\
        <w:r><w:t xml:space='preserve"
        .to_owned()
        + "'> et après</w:t></w:r><w:r><w:footnoteReference w:id='3'/></w:r></w:p>\
        <w:p><w:r><w:endnoteReference w:id='1'/><w:t>Fin</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>";
    let note =
        |kind: &str, id: u32, text: &str| format!("<w:{kind} w:id='{id}'>{}</w:{kind}>", p(text));
    let footnotes = format!(
        "<w:footnotes xmlns:w='{W}'><w:footnote w:type='separator' w:id='0'>{}</w:footnote>{}{}{}</w:footnotes>",
        p("—"),
        note("footnote", 2, "Note seconde."),
        note("footnote", 3, "Note première."),
        note("footnote", 4, "Note sans appel."),
    );
    let endnotes =
        format!("<w:endnotes xmlns:w='{W}'>{}</w:endnotes>", note("endnote", 1, "Note de fin."));
    let parts = [("word/footnotes.xml", footnotes.as_str()), ("word/endnotes.xml", &endnotes)];
    let expected = [
        "Avant et après",
        "dans la boîte",
        "Fin",
        "Note première.",
        "Note seconde.",
        "Note de fin.",
    ];
    assert_eq!(paragraphs(docx_with(&body, &parts), "x.docx"), expected);
}

#[test]
fn automatic_numbers_of_a_word_file_stand_before_their_paragraphs() {
    let level = |at: u32, format: &str, text: &str, more: &str| {
        format!(
            "<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{format}'/>{more}\
             <w:lvlText w:val='{text}'/></w:lvl>"
        )
    };
    let numbering = format!(
        "<w:numbering xmlns:w='{W}'><w:abstractNum w:abstractNumId='5'>{}{}{}</w:abstractNum>\
         <w:abstractNum w:abstractNumId='6'>{}</w:abstractNum>\
         <w:num w:numId='1'><w:abstractNumId w:val='5'/></w:num>\
         <w:num w:numId='2'><w:abstractNumId w:val='5'/><w:lvlOverride w:ilvl='0'>\
         <w:startOverride w:val='7'/></w:lvlOverride></w:num>\
         <w:num w:numId='3'><w:abstractNumId w:val='6'/></w:num></w:numbering>",
        level(0, "upperRoman", "Article %1.", "<w:pStyle w:val='Article'/>"),
        level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        level(2, "russianLower", "%3)", ""),
        level(0, "bullet", "\u{f0b7}", ""),
    );
    let styles = format!(
        "<w:styles xmlns:w='{W}'><w:style w:styleId='Article'><w:pPr><w:numPr><w:numId w:val='1'/>\
         </w:numPr></w:pPr></w:style><w:style w:styleId='Child'><w:basedOn w:val='Article'/></w:style>\
         <w:style w:styleId='Ring'><w:basedOn w:val='Ring'/></w:style></w:styles>"
    );
    let styled = |style: &str, more: &str, text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val='{style}'/>{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let listed = |list: u32, level: u32, text: &str| {
        let place =
            format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr>");
        styled("Normal", &place, text)
    };
    let body = [
        styled("Article", "", "Siège"),
        listed(1, 1, "Premier alinéa"),
        listed(1, 2, "point"),
        listed(1, 2, "point"),
        styled("Child", "", "Dépositaire"),
        listed(1, 1, "Alinéa"),
        listed(1, 2, "point"),
        listed(2, 0, "Autre liste"),
        styled("Article", "<w:numPr><w:numId w:val='0'/></w:numPr>", "Sans numéro"),
        styled("Ring", "", "Cercle"),
        listed(3, 0, "puce"),
        listed(9, 0, "liste inconnue"),
        listed(1, 8, "niveau inconnu"),
    ]
    .concat();
    let parts = [("word/numbering.xml", numbering.as_str()), ("word/styles.xml", &styles)];
    let expected = [
        "Article I. Siège",
        "1.1 Premier alinéa",
        "а) point",
        "б) point",
        "Article II. Dépositaire",
        "2.1 Alinéa",
        "а) point",
        "Article VII. Autre liste",
        "Sans numéro",
        "Cercle",
        "puce",
        "liste inconnue",
        "niveau inconnu",
    ];
    assert_eq!(paragraphs(docx_with(&body, &parts), "x.docx"), expected);
}

#[test]
fn other_prefixes_names_of_parts_and_the_strict_variant_are_read() {
    let document = format!(
        "<d:document xmlns:d='{STRICT}'><d:body><d:p><d:r><d:t>Texte</d:t>\
         <d:footnoteReference d:id='1'/></d:r></d:p></d:body></d:document>"
    );
    let notes = format!(
        "<footnotes xmlns='{STRICT}'><footnote id='1'><p><r><t>Note</t></r></p></footnote></footnotes>"
    );
    let root = "<Relationships><Relationship Type='http://x/officeDocument' Target='/main/doc.xml'/></Relationships>";
    let parts = "<Relationships><Relationship Type='http://x/footnotes' Target='../notes/f.xml'/></Relationships>";
    let bytes = archive(&[
        ("_rels/.rels", root),
        ("main/doc.xml", &document),
        ("main/_rels/doc.xml.rels", parts),
        ("notes/f.xml", &notes),
    ]);
    assert_eq!(paragraphs(bytes, "x.docx"), ["Texte", "Note"]);
}

fn odt_with(styles: &str, body: &str) -> Vec<u8> {
    let names = ["text", "office", "style", "svg-compatible", "drawing"]
        .map(|name| {
            format!("xmlns:{0}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'", &name[..3])
        })
        .join(" ")
        .replace("xmlns:tex=", "xmlns:text=")
        .replace("xmlns:off=", "xmlns:office=")
        .replace("xmlns:sty=", "xmlns:style=");
    let content = format!(
        "<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    archive(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &content)])
}

#[test]
fn an_open_document_gives_its_text() {
    let styles =
        "<style:style style:name='H'><style:text-properties text:display='none'/></style:style>";
    let body = "<text:tracked-changes><text:changed-region><text:deletion><text:p>supprimé</text:p>\
        </text:deletion></text:changed-region></text:tracked-changes>\
        <text:h text:outline-level='1'>Accord</text:h>\
        <text:p>Les  Parties\n conviennent<text:s text:c='2'/>de<text:tab/>ce\
        <text:span>qui</text:span> suit<text:span text:style-name='H'> (caché)</text:span>\
        <text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>\
        <text:note-body><text:p>La note.</text:p></text:note-body></text:note>&#160;:\
        <office:annotation><text:p>remarque</text:p></office:annotation></text:p>\
        <text:p>Cadre<dra:frame><dra:text-box><text:p>encadré</text:p></dra:text-box>\
        <svg:desc>image</svg:desc></dra:frame></text:p>\
        <text:p>Vellin,<text:line-break/>le 3 mai</text:p>\
        <text:p>Fin<text:note text:note-class='endnote'><text:note-citation>i</text:note-citation>\
        <text:note-body><text:p>De fin.</text:p></text:note-body></text:note>\
        <text:note text:note-class='footnote'><text:note-citation>2</text:note-citation>\
        <text:note-body><text:p>Autre note.</text:p></text:note-body></text:note></text:p>";
    let expected = [
        "Accord",
        "Les Parties conviennent  de\tcequi suit\u{a0}:",
        "Cadre",
        "encadré",
        "Vellin,",
        "le 3 mai",
        "Fin",
        "La note.",
        "Autre note.",
        "De fin.",
    ];
    assert_eq!(paragraphs(odt_with(styles, body), "x.odt"), expected);
}

#[test]
fn list_items_of_an_open_document_are_numbered() {
    let styles = "<text:list-style style:name='L'>\
        <text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>\
        <text:list-level-style-number text:level='2' style:num-format='a' style:num-suffix=')' \
         text:display-levels='2'/>\
        <text:list-level-style-bullet text:level='3'/></text:list-style>";
    let item = |content: &str| format!("<text:list-item>{content}</text:list-item>");
    let text = |text: &str| format!("<text:p>{text}</text:p>");
    let inner = format!("<text:list>{}{}</text:list>", item(&text("a")), item(&text("b")));
    let body = format!(
        "<text:list text:style-name='L'>{}{}<text:list-header>{}</text:list-header></text:list>{}\
         <text:list text:style-name='L' text:continue-numbering='true'>{}</text:list>\
         <text:list text:style-name='L'>{}<text:list-item text:start-value='9'>{}</text:list-item></text:list>",
        item(&(text("un") + &text("suite") + &inner)),
        item(&text("deux")),
        text("titre"),
        text("entre"),
        item(&text("trois")),
        item(&text("encore un")),
        text("neuf"),
    );
    let expected = [
        "1. un",
        "suite",
        "1.a) a",
        "1.b) b",
        "2. deux",
        "titre",
        "entre",
        "3. trois",
        "1. encore un",
        "9. neuf",
    ];
    assert_eq!(paragraphs(odt_with(styles, &body), "x.odt"), expected);
}

#[test]
fn a_page_gives_what_is_read_on_it() {
    let page = "<!DOCTYPE html><html><head><title>Titre</title><style>p{}</style>\
        <script>if (a<b) alert('<p>')</script></head>\
        <body><!-- rien --><h1>Communiqu&eacute; <em>conjoint</em></h1>\n  <p>Les   ministres\n\
        se sont <b>r</b>\u{e9}unis&nbsp;: &lt;hier&gt;.<p>Ils ont sign\u{e9}.<br>Puis dîn\u{e9}.\
        <div hidden>cach\u{e9} <div>aussi</div></div><table><tr><td>un<td>deux</table>\
        <ol start=3 type=a><li>trois<li value=7>sept<ul><li>puce</ul></ol><pre>ligne\nautre</pre>fin";
    let expected = [
        "Communiqué conjoint",
        "Les ministres se sont réunis\u{a0}: <hier>.",
        "Ils ont signé.",
        "Puis dîné.",
        "un",
        "deux",
        "c. trois",
        "g. sept",
        "puce",
        "ligne",
        "autre",
        "fin",
    ];
    assert_eq!(paragraphs(page.as_bytes().to_vec(), "page"), expected);
}

#[test]
fn the_encoding_of_a_page_is_the_one_it_declares() {
    let text = "Le Royaume de Norlande a décidé.";
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let page = |head: &str, text: &[u8]| [head.as_bytes(), b"<p>", text].concat();
    for head in [
        "<meta charset=iso-8859-1>",
        "<html><META HTTP-EQUIV='Content-Type' content='text/html; Charset=windows-1252'>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><html>",
    ] {
        assert_eq!(paragraphs(page(head, &latin), "x.html"), [text], "{head}");
    }
    assert_eq!(paragraphs(page("", text.as_bytes()), "x.html"), [text]);
    let (russian, _, _) = encoding_rs::KOI8_R.encode("Стороны договорились.");
    assert_eq!(
        paragraphs(page("<meta charset=koi8-r>", &russian), "x.html"),
        ["Стороны договорились."]
    );
    let utf16: Vec<u8> =
        "\u{feff}<p>Нота".encode_utf16().flat_map(|unit| unit.to_le_bytes()).collect();
    assert_eq!(paragraphs(utf16, "x.html"), ["Нота"]);
    // Undeclared: not guessed.
    let error = read(page("", &latin), "x.html").unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Malformed) && error.to_string().contains("iconv"),
        "{error}"
    );
}

/// An archive of one deflated file.
fn deflated(name: &str, content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    let packed = encoder.finish().unwrap();
    let mut crc = flate2::Crc::new();
    crc.update(content);
    let common = [
        &[20_u8, 0, 0, 0, 8, 0, 0, 0, 0, 0][..],
        &crc.sum().to_le_bytes(),
        &(packed.len() as u32).to_le_bytes(),
        &(content.len() as u32).to_le_bytes(),
        &(name.len() as u16).to_le_bytes(),
        &[0, 0],
    ]
    .concat();
    let local = [b"PK\x03\x04", &common[..], name.as_bytes(), &packed].concat();
    let central = [b"PK\x01\x02\x14\0", &common[..], &[0; 14], name.as_bytes()].concat();
    let end = [
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(),
        &(central.len() as u32).to_le_bytes(),
        &(local.len() as u32).to_le_bytes(),
        &[0, 0],
    ]
    .concat();
    [local, central, end].concat()
}

#[test]
fn small_archives_that_unpack_to_huge_ones_are_refused() {
    let document = |count: usize| {
        format!(
            "<w:document xmlns:w='{W}'><w:body>{}</w:body></w:document>",
            p("Oui. ").repeat(count)
        )
    };
    let fair = deflated("word/document.xml", document(2_000).as_bytes());
    assert_eq!(paragraphs(fair.clone(), "x.docx").len(), 2_000);
    let bomb = deflated("word/document.xml", document(400_000).as_bytes());
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let error = read(bomb, "x.docx").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit), "{error}");
    let small = ReadOptions::new().limits(Limits { document_bytes: 10_000, ..Limits::default() });
    for (bytes, name) in [(fair, "x.docx"), (vec![b'a'; 20_000], "x.html")] {
        let file = tempfile::tempdir().unwrap();
        let path = file.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let error = read_text(&path, &small).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Limit), "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn what_is_no_document_says_so() {
    let message = |bytes: &[u8], name: &str| read(bytes.to_vec(), name).unwrap_err().to_string();
    assert!(message(b"Bonjour.", "x.txt").contains("plain text"));
    assert!(message(b"\xd0\xcf\x11\xe0\xa1\xb1", "x.doc").contains("save it as .docx"));
    assert!(message(b"", "x.docx").contains("ZIP"));
    assert!(message(&archive(&[("a.txt", "a")]), "x.docx").contains("word/document.xml"));
    assert!(message(&archive(&[("a.txt", "a")]), "x.zip").contains("neither"));
    assert!(message(&docx_with("", &[]), "x.docx").contains("no text"));
    assert!(message(&docx_with("<w:p><w:r></w:p>", &[]), "x.docx").contains("word/document.xml"));
    assert!(message(b"<html><body></body></html>", "x.html").contains("no text"));
    let locked = archive(&[
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
        ("content.xml", "\u{1}"),
    ]);
    assert!(message(&locked, "x.odt").contains("password"));
    let error = read_text("there/is/no.docx", &ReadOptions::new()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error}");
    assert!(error.to_string().starts_with("there/is/no.docx: "), "{error}");
}

/// Text of a paragraph: anything but white space at its ends, doubled or as line break.
fn words() -> impl Strategy<Value = String> {
    prop::collection::vec("[\\PC&&[^\\s]]{1,8}", 1..6).prop_map(|words| words.join(" "))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_format_gives_the_paragraphs_that_were_written(texts in prop::collection::vec(words(), 1..8)) {
        let wrap = |before: &str, after: &str| -> String {
            texts.iter().map(|text| format!("{before}{}{after}", escaped(text))).collect()
        };
        prop_assert_eq!(&docx(&wrap("<w:p><w:r><w:t>", "</w:t></w:r></w:p>")), &texts);
        let odt = odt_with("", &wrap("<text:p>", "</text:p>"));
        prop_assert_eq!(&paragraphs(odt, "x.odt"), &texts);
        let page = format!("<meta charset=utf-8>{}", wrap("<p>", "</p>"));
        prop_assert_eq!(&paragraphs(page.into_bytes(), "x.html"), &texts);
    }

    #[test]
    fn damaged_documents_end_in_an_error_or_a_text(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let body = p("Les Parties conviennent.") + "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:p>";
        let styles = "<text:list-style style:name='L'><text:list-level-style-number text:level='1'/></text:list-style>";
        let documents = [
            (docx_with(&body, &[("word/numbering.xml", "<w:numbering/>")]), "x.docx"),
            (odt_with(styles, "<text:list text:style-name='L'><text:list-item><text:p>a</text:p></text:list-item></text:list>"), "x.odt"),
            (b"<ol><li>a<pre hidden></ol><li>&amp;<script>".to_vec(), "x.html"),
        ];
        for (mut bytes, name) in documents {
            let at = at.index(bytes.len());
            if cut { bytes.truncate(at) } else { bytes[at] = byte }
            let _ = read(bytes, name);
        }
    }
}
