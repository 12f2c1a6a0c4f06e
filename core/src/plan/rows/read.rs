//! Rows one after the other: their columns, and what each buyer's document says in the end.

use super::super::compile::compile;
use super::super::document::Documents;
use super::super::grammar::NOTE;
use super::super::resolve::Resolver;
use super::Rows;
use super::cell::{self, Misfit};
use super::column::{self, Column, Table};
use super::origin::{At, Origins};
use crate::model::{Code, Issue, Node, RawMap, RawValue, write_raw_as_it_came};
use crate::schema::Schema;
use crate::text::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};

/// What the plan has beside the tables.
pub(super) struct Known {
    pub(super) verticals: BTreeMap<String, Schema>,
    /// `route/group`.
    pub(super) groups: Vec<String>,
    pub(super) hours: BTreeSet<String>,
    /// The file of each list that has one.
    lists: BTreeMap<String, Option<String>>,
}

impl Known {
    pub(super) fn of(base: &(impl Resolver + ?Sized), root: &str) -> Self {
        let (documents, _) = Documents::load(base, root);
        let verticals = compile(&documents, &|_, _| Ok(None)).0.map(|plan| plan.verticals).unwrap_or_default();
        let members = |key: &str| {
            let members = documents.root().and_then(|root| root.node.get(key)).map(Node::members).unwrap_or_default();
            members.iter().filter(|member| member.key != NOTE)
        };
        let groups = members("routes").flat_map(|route| {
            let groups = route.value.get("groups").map(Node::items).unwrap_or_default();
            groups.iter().filter_map(|group| Some(format!("{}/{}", route.key, group.get("id")?.as_text()?)))
        });
        let file = |list: &Node| list.get("file").and_then(Node::as_text).map(str::to_owned);
        Self {
            verticals,
            groups: groups.collect(),
            hours: members("hours").map(|member| member.key.clone()).collect(),
            lists: members("lists").map(|member| (member.key.clone(), file(&member.value))).collect(),
        }
    }
}

/// What the rows say.
#[derive(Default)]
pub(super) struct Made {
    pub(super) issues: Vec<Issue>,
    pub(super) origins: Origins,
    buyers: BTreeMap<String, Draft>,
    /// The entries of lists.
    pub(super) lists: BTreeMap<String, Vec<String>>,
}

/// A buyer in the making.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) head: Vec<(String, RawValue)>,
    pub(super) contracts: Vec<(String, RawValue)>,
    /// Where it is said that the buyer buys nothing at present.
    pub(super) paused: Option<At>,
}

impl Made {
    /// The documents of the buyers.
    pub(super) fn files(&self) -> impl Iterator<Item = (String, String)> {
        self.buyers.iter().map(|(id, draft)| {
            let mut members = vec![("buyer".to_owned(), RawValue::text(id))];
            members.extend(draft.head.iter().cloned());
            members.push(("contracts".to_owned(), RawValue::Object(RawMap(draft.contracts.clone()))));
            (Origins::document(id), write_raw_as_it_came(&RawValue::Object(RawMap(members))))
        })
    }

    /// The texts of lists by the files that the plan reads them from.
    pub(super) fn list_files(&self, known: &Known, root: &str) -> BTreeMap<String, String> {
        let folder = root.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let file = |name: &String| known.lists.get(name).cloned().flatten();
        let texts = self.lists.iter().filter_map(|(name, entries)| {
            let text: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
            Some((format!("{folder}{}", file(name)?), text))
        });
        texts.collect()
    }
}

pub(super) fn made(known: &Known, rows: &Rows) -> Made {
    let mut reader = Reader { known, rows, made: Made::default(), told: BTreeSet::new(), ids: BTreeMap::new() };
    reader.buyers();
    reader.contracts();
    reader.lists();
    reader.made
}

pub(super) struct Reader<'a> {
    pub(super) known: &'a Known,
    pub(super) rows: &'a Rows,
    pub(super) made: Made,
    /// Columns that were said to be unknown.
    told: BTreeSet<(&'static str, String)>,
    /// Ids of contracts and buyers, with the rows they stand in.
    ids: BTreeMap<(Column, String), u32>,
}

/// A cell with something in it.
pub(super) struct Cell<'a> {
    pub(super) at: At,
    pub(super) plain: String,
    pub(super) raw: &'a RawValue,
}

impl Reader<'_> {
    /// The cells of a row that are not empty and not to be ignored.
    pub(super) fn cells<'r>(&self, table: &str, row: usize, map: &'r RawMap) -> Vec<Cell<'r>> {
        let at = |column: usize, name: &str| At {
            table: table.to_owned(),
            row: number(row),
            column: number(column),
            name: name.to_owned(),
        };
        let ignored = |name: &str| {
            self.rows.ignore.iter().any(|other| other == name || column::plain(other) == column::plain(name))
        };
        let cells = map.0.iter().enumerate().filter(|(_, (name, _))| !name.trim().is_empty() && !ignored(name));
        cells.map(|(n, (name, raw))| Cell { at: at(n, name), plain: column::plain(name), raw }).collect()
    }

    /// The cells of columns that are no fields, each column once; what is left may be fields.
    pub(super) fn fixed<'r>(
        &mut self,
        table: &Table,
        cells: Vec<Cell<'r>>,
    ) -> (BTreeMap<Column, Cell<'r>>, Vec<Cell<'r>>) {
        let (mut fixed, mut rest) = (BTreeMap::<Column, Cell<'r>>::new(), Vec::new());
        for cell in cells {
            match table.find(&cell.plain) {
                None => rest.push(cell),
                Some(_) if cell::is_empty(cell.raw) => {}
                Some(column) => match fixed.get(&column) {
                    Some(first) => {
                        let message = format!("`{}` says what `{}` says too", cell.at.name, first.at.name);
                        self.find(cell.at.issue(Code::RowsTwice, message));
                    }
                    None => drop(fixed.insert(column, cell)),
                },
            }
        }
        (fixed, rest)
    }

    pub(super) fn find(&mut self, issue: Issue) {
        self.made.issues.push(issue);
    }

    /// A cell that does not fit its column.
    pub(super) fn misfit(&mut self, cell: &Cell<'_>, misfit: Misfit) {
        let message = format!("{} does not fit the column `{}`", cell::shown(cell.raw), cell.at.name);
        let issue = cell.at.issue(Code::RowsBadCell, message);
        self.find(Issue { expected: Some(misfit.expected), suggestion: misfit.suggestion, ..issue });
    }

    /// What a cell says, or nothing and an issue.
    pub(super) fn read<T>(&mut self, cell: &Cell<'_>, read: Result<T, Misfit>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(misfit) => {
                self.misfit(cell, misfit);
                None
            }
        }
    }

    /// A cell that must be there.
    pub(super) fn missing(&mut self, table: &'static str, row: usize, column: &str, what: &str) {
        let at = At { table: table.to_owned(), row: number(row), column: 1, name: column.to_owned() };
        self.find(at.issue(Code::RowsMissingCell, format!("the {what} has no `{column}`")));
    }

    /// A column that nobody knows, said once for its table.
    pub(super) fn unknown(&mut self, table: &'static str, at: &At, plain: &str, near: Option<String>) {
        if self.told.insert((table, plain.to_owned())) {
            let issue = at.issue(Code::RowsUnknownColumn, format!("unknown column `{}` in {table}", at.name));
            self.find(Issue { suggestion: near, ..issue });
        }
    }

    /// The id of a row, the first of its name.
    pub(super) fn own_id(&mut self, column: Column, what: &str, cell: &Cell<'_>) -> Option<String> {
        let id = self.read(cell, cell::id(cell.raw))?;
        match self.ids.get(&(column, id.clone())) {
            Some(first) => {
                let message = format!("{what} `{id}` stands in row {first} already");
                self.find(cell.at.issue(Code::RowsTwice, message));
                None
            }
            None => {
                self.ids.insert((column, id.clone()), cell.at.row);
                Some(id)
            }
        }
    }

    /// The document of a buyer.
    pub(super) fn draft(&mut self, id: &str) -> &mut Draft {
        self.made.buyers.entry(id.to_owned()).or_default()
    }

    /// Where it is said that a buyer buys nothing at present.
    pub(super) fn paused(&self, id: &str) -> Option<At> {
        self.made.buyers.get(id)?.paused.clone()
    }

    pub(super) fn buyer_ids(&self) -> impl Iterator<Item = &str> {
        self.made.buyers.keys().map(String::as_str)
    }

    fn lists(&mut self) {
        // A file has one text: two lists that read it could not be given different entries.
        let file = |name: &str| self.known.lists.get(name).cloned().flatten();
        let alone = |name: &String| {
            let of = file(name);
            of.is_none() || !self.known.lists.keys().any(|other| other != name && file(other) == of)
        };
        for (name, entries) in &self.rows.lists {
            let at =
                |row: usize| At { table: format!("lists.{name}"), row: number(row), column: 1, name: name.clone() };
            let known = &self.known.lists;
            if known.get(name).is_none_or(Option::is_none) {
                let near = did_you_mean(name, known.keys().filter(|other| *other != name).map(String::as_str));
                let message = format!("the plan has no list `{name}` with a `file` that the entries could stand for");
                let issue = at(0).issue(Code::RowsUnknownList, message);
                let expected =
                    Some(format!("\"{name}\": {{ \"file\": \"lists/{name}.txt\", \"of\": … }} under `lists`"));
                self.made.issues.push(Issue { expected, suggestion: near.map(str::to_owned), ..issue });
                continue;
            }
            if !alone(name) {
                let message = format!("the `file` of the list `{name}` is that of another list, too");
                let issue = at(0).issue(Code::RowsUnknownList, message);
                self.made.issues.push(Issue { expected: Some("a `file` of its own".into()), ..issue });
                continue;
            }
            let mut texts = Vec::with_capacity(entries.len());
            for (n, entry) in entries.iter().enumerate() {
                let text = cell::text(entry).unwrap_or_default();
                // What a file of a list would pass over as a remark.
                let bare = text.trim_start_matches('\u{feff}').trim();
                if bare.is_empty() || bare.starts_with('#') || text.contains(['\n', '\r']) {
                    // Entries are people: their shape and not themselves.
                    let issue = at(n).issue(Code::RowsBadCell, format!("{} is no entry of a list", entry.shape()));
                    let expected = Some("one text or number that does not begin with `#`".into());
                    self.made.issues.push(Issue { expected, ..issue });
                } else {
                    texts.push(text);
                }
            }
            self.made.lists.insert(name.clone(), texts);
        }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX - 1) + 1
}
