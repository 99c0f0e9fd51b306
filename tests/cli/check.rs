//! `check`: translations checked as a person checks them.

use chancery::Lang;
use chancery::exchange::{TbxDialect, TbxHeader, write_tbx};
use chancery::term::{Concept, Status, Term};

use super::{Shell, sample};

/// Writes the sentences of a sample document and its translation as a table, by the alignment a
/// person made.
fn pairs(shell: &Shell, document: &str, lang: &str) -> String {
    let read = |name: String| std::fs::read_to_string(sample(&name)).unwrap();
    let sentences = |lang: &str| -> Vec<String> {
        read(format!("{document}.{lang}.sentences.txt")).lines().map(str::to_owned).collect()
    };
    let (fr, other) = (sentences("fr"), sentences(lang));
    let mut table = String::new();
    for bead in read(format!("{document}.gold.fr-{lang}.tsv")).lines() {
        let (left, right) = bead.split_once('\t').unwrap();
        let side = |numbers: &str, sentences: &[String]| {
            let numbers = numbers.split(',').filter(|n| !n.trim().is_empty());
            let texts: Vec<&str> =
                numbers.map(|n| &*sentences[n.trim().parse::<usize>().unwrap() - 1]).collect();
            texts.join(" ")
        };
        let (left, right) = (side(left, &fr), side(right, &other));
        if !left.is_empty() && !right.is_empty() {
            table.push_str(&format!("{left}\t{right}\n"));
        }
    }
    let name = format!("{document}.{lang}.tsv");
    shell.write(&name, table);
    name
}

/// A glossary of the bodies and texts that the sample documents name.
fn glossary(shell: &Shell) {
    const NAMES: [[&str; 3]; 5] = [
        [
            "Haut-Commissariat des Nations Unies pour les réfugiés",
            "Office of the United Nations High Commissioner for Refugees",
            "Управление Верховного комиссара ООН по делам беженцев",
        ],
        [
            "Organisation pour la sécurité et la coopération en Europe",
            "Organization for Security and Co-operation in Europe",
            "Организация по безопасности и сотрудничеству в Европе",
        ],
        [
            "Charte des Nations Unies",
            "Charter of the United Nations",
            "Устав Организации Объединённых Наций",
        ],
        [
            "Comité international de la Croix-Rouge",
            "International Committee of the Red Cross",
            "Международный комитет Красного Креста",
        ],
        ["accréditation", "accreditation", "аккредитация"],
    ];
    let concepts = NAMES.iter().enumerate().map(|(nth, names)| {
        let mut concept = Concept::new(format!("name.{nth}"));
        for (lang, name) in [Lang::FR, Lang::EN, Lang::RU].into_iter().zip(names) {
            concept.add(lang, Term::new(*name).with_status(Status::Preferred));
        }
        concept
    });
    let mut file = Vec::new();
    let header = TbxHeader::new("Names of the sample texts");
    write_tbx(&mut file, &concepts.collect(), &header, TbxDialect::Basic).unwrap();
    shell.write("names.tbx", file);
}

/// Kind and marked text of each finding, of the target where it has one.
fn found(out: &str) -> Vec<(String, String)> {
    let lines = out.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .map(|object: serde_json::Value| {
            let text = |side: &str| object[side]["text"].as_str().map(str::to_owned);
            let text = text("target").or_else(|| text("source")).unwrap_or_default();
            (object["kind"].as_str().unwrap().to_owned(), text)
        })
        .collect()
}

fn check(document: &str, lang: &str) -> Vec<(String, String)> {
    let shell = Shell::new();
    let table = pairs(&shell, document, lang);
    let mut arguments = vec!["check".to_owned(), table, "--json".to_owned()];
    arguments.extend(["--target".to_owned(), lang.to_owned()]);
    glossary(&shell);
    arguments.extend(["--glossary".to_owned(), "names.tbx".to_owned()]);
    let done = shell.run(arguments);
    assert!(done.status <= 1, "{}", done.err);
    let found = found(&done.out);
    assert_eq!(done.status, i32::from(!found.is_empty()));
    found
}

#[test]
fn planted_errors_are_found_and_nothing_else() {
    let owned = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(kind, text)| ((*kind).to_owned(), (*text).to_owned())).collect()
    };
    assert_eq!(
        check("communique", "en"),
        owned(&[
            ("term-missing", "Haut-Commissariat des Nations Unies pour les réfugiés"),
            ("negation", "ne"),
            ("number", "420"),
            ("date", "1 June 2016"),
            ("untranslated", "en faveur du retour volontaire"),
            ("modality", "may"),
        ])
    );
    assert_eq!(
        check("communique", "ru"),
        owned(&[
            ("term-missing", "Organisation pour la sécurité et la coopération en Europe"),
            ("negation", "Aucun État membre n'"),
            ("date", "30 ноября 2016\u{a0}г."),
            ("number", "2,5"),
            ("untranslated", "table ronde consacrée aux aires marines protégées"),
            ("negation", "sans"),
        ])
    );
}

#[test]
fn nothing_is_found_in_clean_documents() {
    for document in ["comment", "note-verbale", "statement"] {
        for lang in ["en", "ru"] {
            let found = check(document, lang);
            // A slip that the sample has on purpose.
            let spaces = [("spacing".to_owned(), "  ".to_owned())];
            let expected =
                if (document, lang) == ("note-verbale", "en") { &spaces[..] } else { &[] };
            assert_eq!(found, expected, "{document} {lang}");
        }
    }
}

#[test]
fn accepted_findings_stay_accepted_and_others_are_found() {
    let shell = Shell::new();
    shell.write("a.tsv", "Le 3 mai 2016.\tOn 4 May 2016.\n");
    let done = shell.run(["check", "a.tsv"]);
    assert_eq!(done.status, 1);
    assert!(done.out.starts_with("a.tsv:1: error: date: `3 mai 2016` became `4 May 2016` ["));
    shell.output(["check", "a.tsv", "--accept", "list.tsv", "--accept-all"]);
    assert_eq!(shell.output(["check", "a.tsv", "--accept", "list.tsv"]), "");
    shell.write("a.tsv", "Le 3 mai 2016.\tOn 4 May 2016.\nUn rapport (bref).\tA report (brief.\n");
    let done = shell.run(["check", "a.tsv", "--accept", "list.tsv"]);
    assert_eq!(done.out.lines().count(), 1, "{}", done.out);
    assert!(done.out.starts_with("a.tsv:2: warning: bracket: "), "{}", done.out);
    shell.write("list.tsv", "date\tnonsense\n");
    let done = shell.run(["check", "a.tsv", "--accept", "list.tsv"]);
    assert_eq!(done.status, 2);
    assert!(done.err.contains("list.tsv: line 1: `nonsense`"), "{}", done.err);
}

#[test]
fn kinds_and_severities_are_chosen_and_a_page_is_written() {
    let shell = Shell::new();
    shell.write("a.tsv", "Le 3 mai (ici) :\tOn 4 May (here :\n");
    let kinds = |options: &[&str]| -> Vec<String> {
        let done = shell.run(["check", "a.tsv", "--json"].iter().chain(options));
        found(&done.out).into_iter().map(|(kind, _)| kind).collect()
    };
    assert_eq!(kinds(&[]), ["date", "bracket", "spacing"]);
    assert_eq!(kinds(&["--severity", "warning"]), ["date", "bracket"]);
    assert_eq!(kinds(&["--without", "date", "--without", "spacing"]), ["bracket"]);
    let done = shell.run(["check", "a.tsv", "--html", "page.html"]);
    assert_eq!((done.status, done.out.as_str()), (1, ""));
    assert!(shell.read("page.html").contains("<mark class=\"weak\">4 May</mark>"));
    let done = shell.run(["check", "a.tsv", "--without", "dates"]);
    assert_eq!(done.status, 2);
    assert!(done.err.contains("no kind of finding"), "{}", done.err);
}

#[test]
fn an_audit_names_the_units_with_a_term_ruled_out() {
    let shell = Shell::new();
    let mut concept = Concept::new("eswatini");
    concept.add(Lang::FR, Term::new("Eswatini"));
    concept.add(Lang::EN, Term::new("Eswatini").with_status(Status::Preferred));
    concept.add(Lang::EN, Term::new("Swaziland").with_status(Status::Deprecated));
    let mut file = Vec::new();
    let base = [concept].into_iter().collect();
    write_tbx(&mut file, &base, &TbxHeader::new("x"), TbxDialect::Basic).unwrap();
    shell.write("x.tbx", file);
    shell.write("a.tsv", "Le rapport.\tThe report.\nL’Eswatini vote.\tSwaziland votes.\n");
    let done = shell.run(["terms", "audit", "a.tsv", "--glossary", "x.tbx"]);
    assert_eq!(
        (done.status, done.out.as_str()),
        (1, "eswatini: `Swaziland` (en) is deprecated, write `Eswatini`: unit 2\n")
    );
    shell.write("a.tsv", "L’Eswatini vote.\tEswatini votes.\n");
    assert_eq!(shell.output(["terms", "audit", "a.tsv", "--glossary", "x.tbx"]), "");
}

#[test]
fn candidates_are_proposed_with_examples() {
    let shell = Shell::new();
    let rows = [
        "La trêve olympique est exigée.\tThe olympic truce is demanded.",
        "Une trêve olympique suivra.\tAn olympic truce will follow.",
        "Les trêves olympiques passent.\tThe olympic truces pass.",
        "La paix est exigée.\tPeace is demanded.",
    ];
    shell.write("a.tsv", rows.join("\n"));
    let out = shell.output(["terms", "extract", "a.tsv"]);
    let fields: Vec<&str> = out.lines().nth(1).unwrap().split('\t').collect();
    assert_eq!((fields[0], fields[2]), ("trêve olympique", "3"));
    assert_eq!(fields[3], "La trêve olympique est exigée.");
    let out = shell.output(["terms", "extract", "a.tsv", "--bilingual", "--least", "2"]);
    assert!(out.lines().nth(1).unwrap().starts_with("trêve olympique\tolympic truce\t"), "{out}");
    shell.output(["terms", "extract", "a.tsv", "-o", "new.tbx"]);
    assert!(shell.read("new.tbx").contains("trêve olympique"));
    shell.write("a.txt", "La trêve olympique. Une trêve olympique. Des trêves olympiques.");
    let out = shell.output(["terms", "extract", "a.txt", "--glossary", "new.tbx"]);
    assert_eq!(out.lines().count(), 1, "the candidate is known now: {out}");
}

/// A name that a house writes is right in that house and in its time.
#[test]
fn a_house_is_checked_by_its_own_terms() {
    let shell = Shell::new();
    let mut concept = Concept::new("council");
    concept.add(Lang::FR, Term::new("Conseil OTAN-Russie").with_status(Status::Preferred));
    let mut own = Term::new("Conseil Russie-OTAN").with_status(Status::Deprecated);
    own.rulings.push(chancery::term::Ruling {
        status: Status::Preferred,
        house: Some("MID".to_owned()),
        from: Some("2002-05-28".parse().unwrap()),
        to: None,
    });
    concept.add(Lang::FR, own);
    concept.add(Lang::RU, Term::new("Совет Россия – НАТО"));
    let mut file = Vec::new();
    let base = [concept].into_iter().collect();
    write_tbx(&mut file, &base, &TbxHeader::new("x"), TbxDialect::Private).unwrap();
    shell.write("x.tbx", file);
    shell.write("a.tsv", "Совет Россия – НАТО собрался.\tLe Conseil Russie-OTAN s’est réuni.\n");
    let check = |options: &[&str]| {
        let command = ["check", "a.tsv", "--source", "ru", "--target", "fr", "--glossary", "x.tbx"];
        shell.run(command.iter().chain(options))
    };
    let done = check(&[]);
    assert_eq!(done.status, 1, "{done:#?}");
    assert!(done.out.contains("write `Conseil OTAN-Russie`"), "{}", done.out);
    assert_eq!(check(&["--house", "MID"]).status, 0);
    assert_eq!(check(&["--house", "MID", "--day", "1999-01-01"]).status, 1);
    assert_eq!(check(&["--house", "MAE"]).status, 1);
}
