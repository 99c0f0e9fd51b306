//! Units as a table for a reviser: out, edited, and only the edits back.

use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;

use super::Shell;

const TMX: &str = r#"<tmx version="1.4"><header srclang="fr"/><body>
<tu><prop type="x-document">PV.1</prop><tuv xml:lang="fr"><seg>La séance est levée.</seg></tuv>
<tuv xml:lang="en"><seg>The meeting rose.</seg></tuv></tu>
<tu><prop type="x-document">PV.1</prop><tuv xml:lang="fr"><seg>Voir <ph>&lt;b/&gt;</ph>ici.</seg></tuv>
<tuv xml:lang="en"><seg>See <ph>&lt;b/&gt;</ph>here.</seg></tuv></tu>
<tu><prop type="x-document">PV.2</prop><tuv xml:lang="fr"><seg> Deux
lignes </seg></tuv><tuv xml:lang="en"><seg>007</seg></tuv></tu>
</body></tmx>"#;

fn shell() -> Shell {
    let shell = Shell::new();
    shell.write("first.tmx", TMX);
    shell.output(["import", "m.chancery", "first.tmx"]);
    shell
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).expect("a sheet");
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// Writes a workbook as a spreadsheet program does.
fn save(path: &Path, rows: &[Vec<String>]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (number, row) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(number, column, cell).expect("a cell");
        }
    }
    book.save(path).expect("the workbook is written");
}

#[test]
fn a_table_nobody_edited_changes_nothing() {
    let shell = shell();
    shell.output(["export", "m.chancery", "-o", "m.xlsx"]);
    let table = rows(&shell.path("m.xlsx"));
    assert_eq!(table[0], ["chancery unit", "fr", "en", "status", "document"]);
    assert_eq!(table[2][1..3], ["Voir ⟦1⟧ici.", "See ⟦1⟧here."]);
    save(&shell.path("m.xlsx"), &table);
    let said = shell.output(["import", "m.chancery", "m.xlsx"]);
    assert_eq!(said, "m.xlsx: 3 read: 3 skipped as duplicate\n");
    assert_eq!(shell.output(["history", "m.chancery"]).lines().count(), 1);
}

#[test]
fn only_edits_come_back_as_one_revision() {
    let shell = shell();
    shell.output(["export", "m.chancery", "-o", "m.xlsx", "--document", "PV.1"]);
    let mut table = rows(&shell.path("m.xlsx"));
    assert_eq!(table.len(), 3);
    table[1][2] = "The meeting was closed.".to_owned();
    table[2][2] = "⟦1⟧See here.".to_owned();
    table[2][3] = "approved".to_owned();
    save(&shell.path("m.xlsx"), &table);
    let would = shell.output(["import", "m.chancery", "m.xlsx", "--dry-run"]);
    let expected = "~ 1\n    en: The meeting rose. -> The meeting was closed.\n\
                    ~ 2\n    en: See ⟦1⟧here. -> ⟦1⟧See here.\n    status none -> approved\n\
                    m.xlsx: 2 read: 2 changed (dry run)\n";
    assert_eq!(would, expected);
    assert!(shell.output(["lookup", "m.chancery", "La séance est levée."]).contains("rose"));
    shell.output(["import", "m.chancery", "m.xlsx", "--author", "reviser"]);
    assert!(shell.output(["lookup", "m.chancery", "La séance est levée."]).contains("closed"));
    shell.output(["export", "m.chancery", "-o", "after.tmx"]);
    assert!(shell.read("after.tmx").contains("<seg><ph>&lt;b/&gt;</ph>See here.</seg>"));
    let history = shell.output(["history", "m.chancery"]);
    assert!(history.lines().count() == 2 && history.contains("reviser"), "{history}");
    // The same table again changes nothing; undone, all is as it was.
    let again = shell.output(["import", "m.chancery", "m.xlsx"]);
    assert_eq!(again, "m.xlsx: 2 read: 2 skipped as duplicate\n");
    shell.output(["undo", "m.chancery", "2"]);
    assert!(shell.output(["lookup", "m.chancery", "La séance est levée."]).contains("rose"));
}

#[test]
fn edits_that_can_not_be_made_are_named_and_nothing_is_lost() {
    let shell = shell();
    shell.output(["export", "m.chancery", "-o", "m.xlsx"]);
    let table = rows(&shell.path("m.xlsx"));
    // Somebody else changes the first unit meanwhile.
    let mut theirs = table.clone();
    theirs[1][2] = "The sitting is over.".to_owned();
    save(&shell.path("theirs.xlsx"), &theirs);
    shell.output(["import", "m.chancery", "theirs.xlsx"]);
    for (edit, says) in [
        (
            Box::new(|t: &mut Vec<Vec<String>>| t[1][2] = "Closed.".to_owned())
                as Box<dyn Fn(&mut _)>,
            "unit 1: `en` was changed since to “The sitting is over.”",
        ),
        (
            Box::new(|t: &mut Vec<Vec<String>>| t[2][2] = "See here.".to_owned()),
            "unit 2: the sign ⟦1⟧ of an inline code is missing",
        ),
        (
            Box::new(|t: &mut Vec<Vec<String>>| t[2][0] = "2".to_owned()),
            "`2` is no unit of a revision",
        ),
        (Box::new(|t: &mut Vec<Vec<String>>| t[2][0] = "2@99".to_owned()), "export again"),
        (
            Box::new(|t: &mut Vec<Vec<String>>| t[2][0] = "9@1".to_owned()),
            "there was none in revision 1",
        ),
        (
            Box::new(|t: &mut Vec<Vec<String>>| t[3][0] = String::new()),
            "a row without a `chancery unit`",
        ),
        (Box::new(|t: &mut Vec<Vec<String>>| t[3][2] = String::new()), "fewer than two languages"),
    ] {
        let mut edited = table.clone();
        edit(&mut edited);
        // One edit that is right stands beside it.
        if edited[3] == table[3] {
            edited[3][2] = "7".to_owned();
        }
        save(&shell.path("ours.xlsx"), &edited);
        let refused = shell.run(["import", "m.chancery", "ours.xlsx"]);
        assert_eq!(refused.status, 2, "{refused:?}");
        assert!(refused.err.contains(says), "{says}: {refused:?}");
        let going = shell.run(["import", "m.chancery", "ours.xlsx", "--dry-run", "--keep-going"]);
        assert_eq!(going.status, 1, "{going:?}");
        assert!(going.err.contains(says), "{says}: {going:?}");
    }
    assert_eq!(shell.output(["history", "m.chancery"]).lines().count(), 2);
    let file = shell.run(["export", "first.tmx", "-o", "m2.xlsx"]);
    assert!(file.status == 2 && file.err.contains("journal"), "{file:?}");
}
