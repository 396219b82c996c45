//! Any two tables, and one against itself: the same answer for any order and number of threads, and a
//! clear word for every bad table.

use crate::world::{World, text};
use std::fs;
use std::path::Path;

/// Makes works of a size; answers left, right and truth as typed on a command line.
fn made(world: &World, kind: &str, rows: &str) -> [String; 3] {
    let folder = world.path("made");
    world.ok(&["generate", "--tables", kind, "--rows", rows, "--out", folder.to_str().unwrap()]);
    ["left.csv", "right.csv", "truth.csv"].map(|name| folder.join(name).display().to_string())
}

/// What a refused command says.
fn refused(world: &World, arguments: &[&str]) -> String {
    let output = world.run(arguments);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    text(&output.stderr)
}

/// The rows of a CSV file in another order, header first.
fn turned(path: &str) -> String {
    let whole = fs::read_to_string(path).unwrap();
    let (head, rest) = whole.split_once('\n').unwrap();
    let mut lines: Vec<&str> = rest.lines().collect();
    lines.reverse();
    let half = lines.len() / 2;
    lines.rotate_left(half);
    format!("{head}\n{}\n", lines.join("\n"))
}

#[test]
fn works_and_persons_link_as_the_truth_says() {
    for (kind, f1_min) in [("works", 0.99), ("persons", 0.985)] {
        let world = World::new();
        let [left, right, truth] = made(&world, kind, "3000");
        let got = world.json(&["link", &left, &right, "--profile", kind, "--truth", &truth, "--json"]);
        let quality = &got["quality"];
        assert!(quality["f1"].as_f64().unwrap() >= f1_min, "{kind}: {got}");
        assert!(quality["precision_low"].as_f64().unwrap() >= 0.995, "{kind}: {got}");
        assert!(got["recall"]["found"].as_u64() > Some(0), "blocking is measured: {got}");
    }
}

#[test]
fn order_of_rows_and_threads_change_nothing() {
    for kind in ["works", "persons"] {
        let world = World::new();
        let [left, right, _] = made(&world, kind, "1500");
        let turned_left = world.file("turned-left.csv", turned(&left)).display().to_string();
        let turned_right = world.file("turned-right.csv", turned(&right)).display().to_string();
        let mut outputs = Vec::new();
        for (l, r, threads) in [(&left, &right, "1"), (&left, &right, "2"), (&turned_left, &turned_right, "3")] {
            let out = world.path(&format!("pairs-{}.csv", outputs.len()));
            let mut command =
                world.command(&["link", l, r, "--profile", kind, "--out", out.to_str().unwrap(), "--json"]);
            assert!(command.env("RAYON_NUM_THREADS", threads).output().unwrap().status.success());
            outputs.push(fs::read_to_string(out).unwrap());
        }
        assert!(outputs[0].lines().count() > 900);
        assert_eq!(outputs[0], outputs[1], "{kind}: threads");
        assert_eq!(outputs[0], outputs[2], "{kind}: order of rows");
    }
}

#[test]
fn one_number_stands_in_every_view() {
    let world = World::new();
    let [left, right, _] = made(&world, "works", "400");
    let out = world.path("pairs.csv").display().to_string();
    world.ok(&["link", &left, &right, "--out", &out]);
    let mut rows = csv::Reader::from_path(&out).unwrap();
    let head = rows.headers().unwrap().clone();
    let pair = rows.records().next().unwrap().unwrap();
    let number = |name: &str| -> f64 { pair[head.iter().position(|h| h == name).unwrap()].parse().unwrap() };
    let bars: f64 = head.iter().filter(|h| h.ends_with("_weight")).map(number).sum();
    assert!((bars + number("prior") - number("weight")).abs() < 0.005, "the bars sum to the weight: {pair:?}");
    let ids = format!("{},{}", &pair[0], &pair[1]);
    let told = world.ok(&["--lang", "en", "link", &left, &right, "--explain", &ids]);
    assert!(told.contains(&format!("+{:.2}  bits", number("weight"))), "{told}");
    // Two works that have nothing to do with each other.
    let told = world.ok(&["--lang", "en", "link", &left, &right, "--explain", &format!("P0000399,{}", &pair[1])]);
    assert!(told.contains("Not proposed: it lacks"), "{told}");
    let told = world.ok(&["link", &left, &right, "--explain", &ids]);
    assert!(told.contains("peluang"), "Indonesian first: {told}");
}

#[test]
fn decisions_merge_and_split_and_can_be_taken_back() {
    let world = World::new();
    let firms = world
        .file(
            "firms.csv",
            "id,firm,npwp\n1,CV. BINA DHARMA,\n2,BINA DARMA,\n3,PT WINAGUNA SARANA TEKNIK,012345678901000\n\
             4,\"Winaguna Sarana Teknik, PT\",012345678901000\n5,CV RAYA KARYA,\n6,CV JAYA KARYA,\n",
        )
        .display()
        .to_string();
    let clusters = |more: &[&str]| {
        let out = world.path("clusters.csv").display().to_string();
        world.ok(&[&["dedupe", &firms, "--profile", "firms", "--out", &out], more].concat());
        fs::read_to_string(out).unwrap()
    };
    let start = clusters(&[]);
    assert!(start.contains("4,3,2"), "{start}");
    assert!(start.contains("5,5,1") && start.contains("6,6,1"), "JAYA is not RAYA: {start}");
    let decided =
        world.file("d.csv", "left_id,right_id,decision,by\n3,4,beda,ani\n5,6,sama,ani\n").display().to_string();
    let after = clusters(&["--decisions", &decided]);
    assert!(after.contains("4,4,1") && after.contains("6,5,2"), "{after}");
    assert_eq!(clusters(&[]), start, "without the decisions all is as before");
    let stranger = world.file("s.csv", "left_id,right_id,decision\n3,99,sama\n").display().to_string();
    let output = world.run(&["--lang", "en", "dedupe", &firms, "--profile", "firms", "--decisions", &stranger]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no identifier 99"));
}

#[test]
fn people_review_blind_and_a_threshold_follows() {
    let world = World::new();
    let [left, right, truth] = made(&world, "works", "3000");
    let out = world.path("pairs.csv").display().to_string();
    world.ok(&["link", &left, &right, "--out", &out]);
    let sheet = world.path("sheet.csv").display().to_string();
    world.ok(&["review", "sample", &out, "--out", &sheet, "--size", "400"]);
    let drawn = fs::read_to_string(&sheet).unwrap();
    assert!(drawn.starts_with("left_id,right_id,decision,by\n"), "no weight is shown: {drawn:.60}");
    let truth = fs::read_to_string(truth).unwrap();
    let filled: String = drawn
        .lines()
        .enumerate()
        .map(|(i, line)| {
            let pair = line.trim_end_matches(",,");
            let word = if truth.lines().any(|t| t == pair) { "same" } else { "different" };
            if i == 0 { format!("{line}\n") } else { format!("{pair},{word},ani\n") }
        })
        .collect();
    let filled = world.file("filled.csv", filled).display().to_string();
    let learned = world.json(&["review", "learn", &out, &filled, "--error-max", "0.02", "--json"]);
    assert!(learned["threshold"].as_i64().is_some(), "{learned}");
    assert_eq!(learned["disagreements"].as_array().map(Vec::len), Some(0));
    let bad = world.file("bad.csv", "left_id,right_id,decision\n1,2,perhaps\n").display().to_string();
    let output = world.run(&["--lang", "en", "review", "learn", &out, &bad]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("line 2"), "{}", text(&output.stderr));
}

#[test]
fn a_bad_table_gets_a_word_with_its_place() {
    let world = World::new();
    let [left, right, _] = made(&world, "works", "50");
    let refused = |arguments: &[&str], words: &[&str]| {
        let output = world.run(&[&["--lang", "en"], arguments].concat());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: {said} lacks {word}");
        }
    };
    let file = |name: &str, content: &str| world.file(name, content).display().to_string();
    let no_id = file("no-id.csv", "nama,nilai\nJalan,1\n");
    refused(&["link", &no_id, &right], &["no column with an identifier", "nama, nilai"]);
    let no_field = file("no-field.csv", "project,warna\nP1,merah\n");
    refused(&["link", &no_field, &right], &["none of the profile's columns", "warna"]);
    let twice = file("twice.csv", "project,name\nP1,Jalan Melati\n\nP2,Jalan Mawar\nP1,Jalan Ulin\n");
    refused(&["link", &twice, &right], &["P1", "lines 2 and 5"]);
    refused(&["link", &file("empty.csv", ""), &right], &["empty"]);
    refused(&["link", &file("head.csv", "project,name\n"), &right], &["no data row"]);
    refused(&["link", &left, &right, "--memory-max", "10k"], &["MB are allowed", "--memory-max"]);
    refused(&["link", &left, &right, "--memory-max", "much"], &["no amount of memory"]);
    refused(&["link", &left, &right, "--threshold", "1.5"], &["no probability"]);
    refused(&["link", &left, &right, "--explain", "P1"], &["two identifiers"]);
    refused(&["link", &left, &right, "--explain", "P1,R1"], &["no identifier P1"]);
    refused(&["link", &left], &["Name two tables"]);
    refused(&["link", &left, &right, "--profile", "nothing"], &["no profile nothing", "works, plans"]);
    let works = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../linkage/profiles/works.yaml")).unwrap();
    for (from, to, said) in [
        ("of: number\n", "of: nomor\n", "no field \"nomor\""),
        ("by: value\n", "by: words\n", "cannot be compared"),
        ("m: 62%", "m: 620%", "not a percentage"),
        ("read: firm,", "read: frim,", "line"),
        ("review: 0", "review: 900", "review lies above link"),
        ("rare: 400", "rare: -400", "rare is -400; it must be from 0 to 10000"),
        ("candidates_max: 12", "candidates_max: 0", "candidates_max is 0"),
        ("share: 33", "sharre: 33", "sharre"),
        ("name: rounded", "name: same", "the name same stands twice"),
        ("at_least: 85%", "at_least: 99%", "best first"),
    ] {
        let profile = file("p.yaml", &works.replacen(from, to, 1));
        refused(&["link", &left, &right, "--profile", &profile], &[said, "link-tables.md"]);
    }
}

#[test]
fn a_table_as_offices_save_it_is_read_or_says_what_is_wrong() {
    let world = World::new();
    let [left, right, _] = made(&world, "works", "60");
    let plain = fs::read_to_string(&left).unwrap();
    let file = |name: &str, content: Vec<u8>| world.file(name, content).display().to_string();
    let linked = |left: &str| {
        let out = world.path("pairs.csv");
        world.ok(&["link", left, &right, "--out", out.to_str().unwrap()]);
        fs::read(out).unwrap()
    };
    let whole = linked(&left);
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    for (name, bytes) in [
        ("u16le.csv", wide(&plain, u16::to_le_bytes)),
        ("u16be.csv", wide(&plain, u16::to_be_bytes)),
        ("sep.csv", format!("sep=,\r\n{plain}").into_bytes()),
        ("blank.csv", format!("\n\n{plain}").into_bytes()),
        // Separators within the quoted name of a column decide nothing.
        ("head.csv", plain.replacen('\n', ",\"a;b;c;d;e;f;g;h;i;j\"\n", 1).into_bytes()),
    ] {
        assert_eq!(linked(&file(name, bytes)), whole, "{name}");
    }
    // A quotation mark that is never closed would make one cell of all that follows.
    let mut lines: Vec<String> = plain.lines().map(str::to_owned).collect();
    lines[10] = lines[10].replacen(',', ",\"", 1);
    let open = file("open.csv", lines.join("\n").into_bytes());
    let said = refused(&world, &["--lang", "en", "link", &open, &right]);
    assert!(said.contains("begins on line 11") && said.contains("never closed"), "{said}");
    // Closed by another one later on, it is said.
    lines[20] = lines[20].replacen(',', ",\"", 1);
    let output = world.run(&["--lang", "en", "link", &file("closed.csv", lines.join("\n").into_bytes()), &right]);
    assert!(text(&output.stderr).contains("swallowed by a stray quotation mark (lines 11"), "{}", text(&output.stderr));
    // An unquoted separator moves the cells behind it.
    let ragged = plain.replacen("\n", "\nP,x,x,x,x,x,x,x,x,x,x,x,x,x,x\n", 1);
    let output = world.run(&["--lang", "en", "link", &file("ragged.csv", ragged.into_bytes()), &right]);
    assert!(
        text(&output.stderr).contains("1 rows have more cells than the header (lines 2"),
        "{}",
        text(&output.stderr)
    );
    let twice = file("two.csv", b"project,name,Name\nP1,Jalan Melati,x\n".to_vec());
    let said = refused(&world, &["--lang", "en", "link", &twice, &right]);
    assert!(said.contains("stands more than once (B, C)"), "{said}");
    let cut = {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(plain.as_bytes()).unwrap();
        let bytes = packed.finish().unwrap();
        file("cut.csv.gz", bytes[..bytes.len() / 2].to_vec())
    };
    assert!(refused(&world, &["--lang", "en", "link", &cut, &right]).contains("ends early"), "packed and cut");
    assert!(refused(&world, &["--lang", "en", "link", "nowhere.csv", &right]).contains("is not there"));
    let folder = world.path("made").display().to_string();
    assert!(refused(&world, &["--lang", "en", "link", &folder, &right]).contains("is a folder"));
}

#[test]
fn money_as_offices_write_it_counts_and_what_cannot_be_read_is_counted() {
    let world = World::new();
    let file = |name: &str, content: &str| world.file(name, content).display().to_string();
    let left = "project,name,value,npwp\nP1,Rehab Kantor Lurah Kenari,\"1.234.567.000\",01.234.567.8-701.000
P2,Peningkatan Jalan Cemara Indah,\"Rp 150.000.000,-\",kelak\nP3,Pembangunan Drainase Ulin,150.000,\n";
    let right = "registration,name,value,npwp\nR1,Rehab Kantor Lurah Kenari,1234567000,0012345678073000
R2,Peningkatan Jalan Cemara Indah,150000000,\nR3,Pembangunan Drainase Ulin,150000,\n";
    let (left, right) = (file("l.csv", left), file("r.csv", right));
    for pair in ["P1,R1", "P2,R2", "P3,R3"] {
        let said = world.ok(&["--lang", "en", "link", &left, &right, "--explain", pair]);
        assert!(said.contains("value: the same"), "{pair}: {said}");
        assert!(pair != "P1,R1" || said.contains("tax number: the same taxpayer"), "two offices of one: {said}");
        assert!(said.contains("Result: "), "{said}");
    }
    let output = world.run(&["--lang", "en", "link", &left, &right]);
    let said = text(&output.stderr);
    assert!(said.contains("1 cells of npwp could not be read") && said.contains("first on line 3"), "{said}");
}

#[test]
fn nothing_is_written_over_what_is_read_and_what_fails_leaves_the_old_file() {
    let world = World::new();
    let [left, right, truth] = made(&world, "works", "60");
    let before = fs::read(&left).unwrap();
    let alias = world.path("alias.csv").display().to_string();
    std::os::unix::fs::symlink(&left, &alias).unwrap();
    for out in [&left, &alias] {
        let said = refused(&world, &["--lang", "en", "link", &left, &right, "--out", out]);
        assert!(said.contains("would be written over"), "{said}");
    }
    refused(&world, &["link", &left, &right, "--save-model", &right]);
    refused(&world, &["link", &left, &right, "--truth", &truth, "--out", &truth]);
    assert_eq!(fs::read(&left).unwrap(), before);
    let kept = world.file("kept.csv", "as it was").display().to_string();
    refused(&world, &["link", &left, &right, "--out", &kept, "--truth", "nowhere.csv"]);
    assert_eq!(fs::read_to_string(&kept).unwrap(), "as it was");
    let said = refused(&world, &["--lang", "en", "link", &left, &right, "--out", "nowhere/pairs.csv"]);
    assert!(said.contains("its folder is not there"), "{said}");
    world.ok(&["link", &left, &right, "--out", &kept]);
    assert!(fs::read_to_string(&kept).unwrap().starts_with("left_id"));
    let rests = fs::read_dir(world.path("made")).unwrap().chain(fs::read_dir(world.path("")).unwrap());
    assert!(rests.map(|f| f.unwrap().file_name()).all(|name| !name.to_string_lossy().starts_with('.')));
    // A model is of its profile.
    let model = world.path("model.json").display().to_string();
    world.ok(&["link", &left, &right, "--save-model", &model]);
    world.ok(&["link", &left, &right, "--model", &model]);
    let mut other: serde_json::Value = serde_json::from_str(&fs::read_to_string(&model).unwrap()).unwrap();
    other["comparisons"].as_array_mut().unwrap().truncate(3);
    let other = world.file("other.json", other.to_string()).display().to_string();
    let said = refused(&world, &["--lang", "en", "link", &left, &right, "--model", &other]);
    assert!(said.contains("not of the profile works"), "{said}");
    // A truth of other tables is said to be one.
    let foreign = world.file("foreign.csv", "left,right\nX,Y\n").display().to_string();
    let output = world.run(&["--lang", "en", "link", &left, &right, "--truth", &foreign]);
    assert!(text(&output.stderr).contains("1 of 1 rows name an identifier"), "{}", text(&output.stderr));
}

#[test]
fn a_million_identical_names_in_small_neither_vanish_nor_hang() {
    let world = World::new();
    let same = |id: &str| {
        let rows: String = (0..20_000).map(|i| format!("{id}{i},Pembangunan Jalan,200000000\n")).collect();
        format!("{},name,value\n{rows}", if id == "P" { "project" } else { "registration" })
    };
    let (left, right) = (world.file("l.csv", same("P")), world.file("r.csv", same("R")));
    let (left, right) = (left.display().to_string(), right.display().to_string());
    let got = world.json(&["link", &left, &right, "--json"]);
    assert_eq!(got["linked"], 0, "none of them can be told from the others: {got}");
    assert_eq!(got["looked"]["only_common"], 20_000, "and the loss is stated: {got}");
}

#[test]
fn broken_encoding_and_rows_without_identifier_are_said() {
    let world = World::new();
    let [_, right, _] = made(&world, "works", "50");
    let mut bytes = b"project,name,value\nP1,Jalan Andr\xe9,1000000\n,Jalan Mawar,2000000\n".to_vec();
    bytes.extend_from_slice(b"P2;x,Jalan Ulin,3000000\n");
    let left = world.file("l.csv", bytes).display().to_string();
    let output = world.run(&["--lang", "en", "link", &left, &right]);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 cells are not UTF-8") && said.contains("B2"), "{said}");
    assert!(said.contains("1 rows without an identifier") && said.contains("lines 3"), "{said}");
    assert!(said.contains("no column for firm"), "{said}");
}

#[test]
fn a_workbook_or_parquet_file_links_like_its_csv() {
    let world = World::new();
    let [left, right, truth] = made(&world, "works", "300");
    let book = world.path("left.xlsx");
    let mut out = rust_xlsxwriter::Workbook::new();
    let sheet = out.add_worksheet();
    for (r, row) in csv::ReaderBuilder::new().has_headers(false).from_path(&left).unwrap().records().enumerate() {
        for (c, cell) in row.unwrap().iter().enumerate() {
            sheet.write_string(r as u32, c as u16, cell).unwrap();
        }
    }
    out.save(&book).unwrap();
    let quality = |left: &str| world.json(&["link", left, &right, "--truth", &truth, "--json"])["quality"].clone();
    assert_eq!(quality(book.to_str().unwrap()), quality(&left));
    let parquet = world.path("left.parquet");
    as_parquet(Path::new(&left), &parquet);
    assert_eq!(quality(parquet.to_str().unwrap()), quality(&left));
}

/// Writes a CSV table as Parquet, every column text.
fn as_parquet(from: &Path, to: &Path) {
    use parquet::data_type::{ByteArray, ByteArrayType};
    use parquet::file::writer::SerializedFileWriter;
    let mut rows = csv::Reader::from_path(from).unwrap();
    let names: Vec<String> = rows.headers().unwrap().iter().map(|n| format!("required binary {n} (UTF8);")).collect();
    let schema = parquet::schema::parser::parse_message_type(&format!("message t {{ {} }}", names.concat())).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let file = fs::File::create(to).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema.into(), Default::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for c in 0..names.len() {
        let mut column = group.next_column().unwrap().unwrap();
        let cells: Vec<ByteArray> = rows.iter().map(|r| ByteArray::from(&r[c])).collect();
        column.typed::<ByteArrayType>().write_batch(&cells, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn spellings_of_a_firm_come_together_by_name_alone() {
    let world = World::new();
    let names = [
        "CV. WINAGUNA SARANA",
        "Winaguna Sarana, CV",
        "PT. TRIWIKNAS",
        "PT. Tri Wiknas",
        "CV.BINA DHARMA LESTARINDO",
        "BINA DARMA LESTARINDO",
        "CV JAYA KARYA",
        "CV KARYA MANDIRI",
        "CV. MANDIRI JAYA",
        "PT KARYA JAYA MANDIRI",
    ];
    // A city's list: enough other firms that words have a rarity.
    let folder = world.path("made");
    world.ok(&["generate", "--tables", "firms", "--rows", "600", "--out", folder.to_str().unwrap()]);
    let made: Vec<csv::StringRecord> =
        csv::Reader::from_path(folder.join("firms.csv")).unwrap().records().map(Result::unwrap).collect();
    let others = made.iter().map(|r| format!("{},\"{}\"\n", &r[0], &r[1]));
    let rows: String = names.iter().enumerate().map(|(i, n)| format!("F{i},\"{n}\"\n")).chain(others).collect();
    let file = world.file("firms.csv", format!("id,nama\n{rows}")).display().to_string();
    let out = world.path("clusters.csv");
    world.ok(&["dedupe", &file, "--profile", "firms", "--out", out.to_str().unwrap()]);
    let clusters: std::collections::HashMap<String, String> = csv::Reader::from_path(out)
        .unwrap()
        .records()
        .map(|r| r.unwrap())
        .map(|r| (r[0].into(), r[1].into()))
        .collect();
    for (a, b) in [("F0", "F1"), ("F2", "F3"), ("F4", "F5")] {
        assert_eq!(clusters[a], clusters[b], "{a} {b}");
    }
    let apart: std::collections::HashSet<&String> = ["F6", "F7", "F8", "F9"].iter().map(|f| &clusters[*f]).collect();
    assert_eq!(apart.len(), 4, "common words alone make no firm");
}

#[test]
fn order_of_rows_changes_no_cluster() {
    let world = World::new();
    let folder = world.path("made");
    world.ok(&["generate", "--tables", "firms", "--rows", "800", "--noise", "150", "--out", folder.to_str().unwrap()]);
    let file = folder.join("firms.csv").display().to_string();
    let turned = world.file("turned.csv", turned(&file)).display().to_string();
    let clusters = |file: &str, out: &str, threads: &str| -> std::collections::BTreeSet<(String, String)> {
        let out = world.path(out);
        let mut command = world.command(&["dedupe", file, "--profile", "firms", "--out", out.to_str().unwrap()]);
        assert!(command.env("RAYON_NUM_THREADS", threads).output().unwrap().status.success());
        csv::Reader::from_path(out).unwrap().records().map(|r| r.unwrap()).map(|r| (r[0].into(), r[1].into())).collect()
    };
    let first = clusters(&file, "a.csv", "1");
    assert_eq!(first, clusters(&file, "b.csv", "3"), "threads");
    assert_eq!(first, clusters(&turned, "c.csv", "2"), "order of rows");
}

#[test]
fn places_are_compared_by_a_list_of_regions() {
    let world = World::new();
    let regions = "kode,nama\n98,Rantau\n98.71,Kota Muara\n98.71.01,Muara Kota\n98.71.01.1001,Sungai Keruh\n\
        98.71.02,Muara Teduh\n98.71.02.1001,Sungai Keruh\nx,Hulu\n";
    let list = world.file("wilayah.csv", regions).display().to_string();
    let profile = world.file(
        "places.yaml",
        "name: places\nid: { both: [id] }\npartners: one_to_one\nthresholds: { link: 100, review: -2000 }\n\
         look: { block_max: 100, entries_max: 100, candidates_max: 10 }\nexpected: 50%\nfields:\n\
         \x20 - { name: name, read: works, columns: { both: [nama] } }\n\
         \x20 - { name: place, read: region, columns: { both: [lokasi] } }\ncompare:\n\
         \x20 - name: place\n    of: place\n    by: region\n    levels:\n\
         \x20     - { name: same, m: 60%, u: 1% }\n      - { name: inside, m: 30%, u: 4% }\n\
         \x20     - { name: city, m: 5%, u: 30% }\n      - { name: missing }\n      - { name: different, m: 5%, u: 65% }\n\
         block:\n  - words: name\n  - exact: place\n",
    );
    let profile = profile.display().to_string();
    let left = world.file(
        "left.csv",
        "id,nama,lokasi\na,Jalan Mawar,Kel. Sungai Keruh Kec. Muara Kota\nb,Jalan Mawar,\"Kel. Sungai Keruh, Kec. Muara Teduh\"\n",
    );
    let right = world.file("right.csv", "id,nama,lokasi\nr,JALAN MAWAR,Kecamatan Muara Teduh\n");
    let (left, right) = (left.display().to_string(), right.display().to_string());
    let said = refused(&world, &["--lang", "en", "link", &left, &right, "--profile", &profile]);
    assert!(said.contains("--gazetteer"), "{said}");
    let arguments = ["--lang", "en", "link", &left, &right, "--profile", &profile, "--gazetteer", &list];
    let out = world.path("pairs.csv").display().to_string();
    world.ok(&[&arguments[..], &["--out", &out]].concat());
    let told = world.ok(&[&arguments[..], &["--explain", "b,r"]].concat());
    assert!(told.contains("one inside the other"), "{told}");
    let told = world.ok(&[&arguments[..], &["--explain", "a,r"]].concat());
    assert!(told.contains("same city"), "{told}");
    let wrong = world.file("wrong.csv", "a,b\n1,2\n").display().to_string();
    let said = refused(&world, &["link", &left, &right, "--profile", &profile, "--gazetteer", &wrong]);
    assert!(said.contains("kode") && said.contains("wrong.csv"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_stays_within_its_bound_or_is_refused_with_figures() {
    let world = World::new();
    let [left, right, _] = made(&world, "works", "20000");
    let mut done = 0;
    for max in [10u64, 30, 60, 90, 120, 200, 400] {
        let bound = format!("{max}M");
        let mut command = world.command(&["--lang", "en", "link", &left, &right, "--memory-max", &bound]);
        let mut child =
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        // The most a process held stands in its status as long as it lives.
        let status = format!("/proc/{}/status", child.id());
        let mut most = 0;
        while child.try_wait().unwrap().is_none() {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let held = text.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
            most = held.unwrap_or(0u64).max(most);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            done += 1;
            assert!(most <= max << 10, "{max} MB allowed, {most} kB held");
        } else {
            assert!(text(&output.stderr).contains(&format!("{max} MB are allowed")), "{}", text(&output.stderr));
        }
    }
    assert!((1..=5).contains(&done), "the least bounds are refused, the largest is not: {done}");
}
