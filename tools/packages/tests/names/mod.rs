//! The public names of a crate, read from its source: modules, what they export, and the signatures of it.
//!
//! It is read and not asked of rustdoc, whose JSON is not stable: a listing must not change with the compiler. What macros and
//! build scripts make is not seen; `Code`, the one thing of that kind, is listed in codes.toml.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use syn::{
    Attribute, Expr, Field, Fields, ImplItem, Item, ItemImpl, TraitItem, Type, UseTree, Visibility, parse_quote,
};

/// The way to a module from the root of its crate.
type Way = Vec<String>;

struct Module {
    items: Vec<Item>,
    public: bool,
}

/// The source of a crate, read whole.
pub(crate) struct Source {
    modules: BTreeMap<Way, Module>,
}

/// What a name stands for.
enum Found<'s> {
    Item(&'s Item),
    /// A module, or something of another crate.
    Elsewhere,
}

impl Source {
    /// Reads it from the file of its root.
    pub(crate) fn of(root: &Path) -> Self {
        let mut source = Self { modules: BTreeMap::new() };
        source.read(root, root.parent().expect("a folder"), &Way::new(), true);
        source
    }

    fn read(&mut self, file: &Path, folder: &Path, way: &Way, public: bool) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.put(parsed.items, folder, way, public);
    }

    fn put(&mut self, items: Vec<Item>, folder: &Path, way: &Way, public: bool) {
        for item in &items {
            let Item::Mod(module) = item else { continue };
            if is_for_tests(&module.attrs) {
                continue;
            }
            let name = module.ident.to_string();
            let inner = [way.as_slice(), std::slice::from_ref(&name)].concat();
            let public = public && is_public(&module.vis);
            match &module.content {
                Some((_, items)) => self.put(items.clone(), &folder.join(&name), &inner, public),
                None => {
                    let beside = folder.join(format!("{name}.rs"));
                    let file = if beside.exists() { beside } else { folder.join(&name).join("mod.rs") };
                    self.read(&file, &folder.join(&name), &inner, public);
                }
            }
        }
        self.modules.insert(way.clone(), Module { items, public });
    }

    /// The listing: each public module, and what it exports in the order of names.
    pub(crate) fn listing(&self, name: &str) -> String {
        let mut text =
            format!("// The public names of {name}. Made by `LEADWRIGHT_BLESS=1 cargo test -p leadwright-packages`.\n");
        for (way, module) in self.modules.iter().filter(|(_, module)| module.public) {
            let mut shown: Vec<(String, Vec<Item>)> = Vec::new();
            for item in &module.items {
                match item {
                    Item::Use(each) if is_public(&each.vis) => {
                        for (path, alias) in leaves(&each.tree) {
                            shown.push((alias.clone(), self.exported(way, &path, &alias)));
                        }
                    }
                    Item::Mod(_) | Item::Use(_) => {}
                    item => {
                        if let Some(name) = public_name(item) {
                            shown.push((name.clone(), self.shown(&name, item)));
                        }
                    }
                }
            }
            if shown.is_empty() {
                continue;
            }
            shown.sort_by(|one, other| one.0.cmp(&other.0));
            let items = shown.into_iter().flat_map(|(_, items)| items).collect();
            let place = [&[name.replace('-', "_")], way.as_slice()].concat().join("::");
            let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items };
            text += &format!("\n// {place}\n{}", prettyplease::unparse(&file));
        }
        text
    }

    fn exported(&self, way: &Way, path: &[String], alias: &str) -> Vec<Item> {
        match self.find(way, path) {
            Some(Found::Item(item)) => self.shown(alias, item),
            _ => {
                let same = path.last().is_some_and(|last| last == alias);
                let path: syn::Path = syn::parse_str(&path.join("::").replace("::*", "")).expect("a path");
                let alias = quote_ident(alias);
                vec![if same { parse_quote!(pub use #path;) } else { parse_quote!(pub use #path as #alias;) }]
            }
        }
    }

    /// What the name at the end of `path` is, seen from the module `way`.
    fn find(&self, way: &Way, path: &[String]) -> Option<Found<'_>> {
        let (mut at, mut rest) = (way.clone(), path);
        loop {
            match rest.first()?.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()?),
                _ => break,
            }
            rest = &rest[1..];
        }
        let (last, modules) = rest.split_last()?;
        for module in modules {
            at.push(module.clone());
        }
        let module = self.modules.get(&at)?;
        if let Some(item) = module.items.iter().find(|item| name_of(item).as_ref() == Some(last)) {
            return Some(if matches!(item, Item::Mod(_)) { Found::Elsewhere } else { Found::Item(item) });
        }
        module.items.iter().find_map(|item| {
            let Item::Use(each) = item else { return None };
            let (path, _) = leaves(&each.tree).into_iter().find(|(_, alias)| alias == last)?;
            self.find(&at, &path)
        })
    }

    /// An item without its insides, and what is implemented for it.
    fn shown(&self, name: &str, item: &Item) -> Vec<Item> {
        let own = name_of(item);
        let mut shown = vec![outside(item)];
        let mut traits: Vec<(String, Item)> = Vec::new();
        for item in self.modules.values().flat_map(|module| &module.items) {
            let Item::Impl(each) = item else { continue };
            if is_for_tests(&each.attrs) || own.is_none() || subject(each) != own {
                continue;
            }
            let implemented = outside_of_impl(each);
            if each.trait_.is_some() {
                let file =
                    syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![implemented.clone()] };
                traits.push((prettyplease::unparse(&file), implemented));
            } else if matches!(&implemented, Item::Impl(each) if !each.items.is_empty()) {
                shown.push(implemented);
            }
        }
        traits.sort_by(|one, other| one.0.cmp(&other.0));
        shown.extend(traits.into_iter().map(|(_, item)| item));
        if own.as_deref() != Some(name) {
            let (from, to) = (quote_ident(own.as_deref().unwrap_or(name)), quote_ident(name));
            shown.push(parse_quote!(pub use #from as #to;));
        }
        shown
    }
}

fn quote_ident(name: &str) -> syn::Ident {
    syn::parse_str(name).unwrap_or_else(|_| syn::parse_str("_everything").expect("a name"))
}

/// The type that an `impl` is for, by its last name.
fn subject(each: &ItemImpl) -> Option<String> {
    let Type::Path(path) = each.self_ty.as_ref() else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

/// The paths that a `use` brings in, each with the name it has here.
fn leaves(tree: &UseTree) -> Vec<(Vec<String>, String)> {
    match tree {
        UseTree::Path(path) => {
            let first = path.ident.to_string();
            leaves(&path.tree)
                .into_iter()
                .map(|(rest, alias)| ([std::slice::from_ref(&first), rest.as_slice()].concat(), alias))
                .collect()
        }
        UseTree::Name(name) => vec![(vec![name.ident.to_string()], name.ident.to_string())],
        UseTree::Rename(renamed) => vec![(vec![renamed.ident.to_string()], renamed.rename.to_string())],
        UseTree::Glob(_) => vec![(vec!["*".into()], "*".into())],
        UseTree::Group(group) => group.items.iter().flat_map(leaves).collect(),
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_for_tests(attrs: &[Attribute]) -> bool {
    let only_tests: Attribute = parse_quote!(#[cfg(test)]);
    attrs.iter().any(|attr| attr.path().is_ident("cfg") && tokens(attr) == tokens(&only_tests))
}

fn tokens(attr: &Attribute) -> String {
    attr.meta.require_list().map(|list| list.tokens.to_string()).unwrap_or_default()
}

/// What of the attributes others see.
fn seen(attrs: &[Attribute]) -> Vec<Attribute> {
    let kept = ["cfg", "default", "deprecated", "derive", "must_use", "non_exhaustive", "repr"];
    attrs.iter().filter(|attr| kept.iter().any(|name| attr.path().is_ident(name))).cloned().collect()
}

fn parts(item: &Item) -> Option<(&syn::Ident, &Visibility)> {
    Some(match item {
        Item::Const(item) => (&item.ident, &item.vis),
        Item::Enum(item) => (&item.ident, &item.vis),
        Item::Fn(item) => (&item.sig.ident, &item.vis),
        Item::Mod(item) => (&item.ident, &item.vis),
        Item::Static(item) => (&item.ident, &item.vis),
        Item::Struct(item) => (&item.ident, &item.vis),
        Item::Trait(item) => (&item.ident, &item.vis),
        Item::Type(item) => (&item.ident, &item.vis),
        Item::Union(item) => (&item.ident, &item.vis),
        _ => return None,
    })
}

fn name_of(item: &Item) -> Option<String> {
    parts(item).map(|(name, _)| name.to_string())
}

fn public_name(item: &Item) -> Option<String> {
    parts(item).filter(|(_, visibility)| is_public(visibility)).map(|(name, _)| name.to_string())
}

/// Without documentation, without what is inside of functions, without the values of constants.
fn outside(item: &Item) -> Item {
    let mut item = item.clone();
    let nothing: Expr = parse_quote!(_);
    match &mut item {
        Item::Const(each) => {
            each.attrs = seen(&each.attrs);
            *each.expr = nothing;
        }
        Item::Enum(each) => {
            each.attrs = seen(&each.attrs);
            for variant in &mut each.variants {
                variant.attrs = seen(&variant.attrs);
                each_field(&mut variant.fields, |field| field.attrs = seen(&field.attrs));
            }
        }
        Item::Fn(each) => {
            each.attrs = seen(&each.attrs);
            *each.block = parse_quote!({});
        }
        Item::Static(each) => {
            each.attrs = seen(&each.attrs);
            *each.expr = nothing;
        }
        Item::Struct(each) => {
            each.attrs = seen(&each.attrs);
            hide_fields(&mut each.fields);
        }
        Item::Trait(each) => {
            each.attrs = seen(&each.attrs);
            for item in &mut each.items {
                match item {
                    TraitItem::Fn(each) => {
                        each.attrs = seen(&each.attrs);
                        // Whether there is one to fall back on is seen.
                        each.default = each.default.as_ref().map(|_| parse_quote!({}));
                    }
                    TraitItem::Const(each) => each.attrs = seen(&each.attrs),
                    TraitItem::Type(each) => each.attrs = seen(&each.attrs),
                    _ => {}
                }
            }
        }
        Item::Type(each) => each.attrs = seen(&each.attrs),
        _ => {}
    }
    item
}

fn each_field(fields: &mut Fields, mut change: impl FnMut(&mut Field)) {
    fields.iter_mut().for_each(&mut change);
}

/// Fields that are not public are one: that there are any is seen, for nobody else can make such a value then.
fn hide_fields(fields: &mut Fields) {
    match fields {
        Fields::Named(named) => {
            let hidden = named.named.iter().any(|field| !is_public(&field.vis));
            let kept = named.named.iter().filter(|field| is_public(&field.vis)).cloned();
            named.named = kept.collect();
            if hidden {
                let private: syn::FieldsNamed = parse_quote!({ private: _ });
                named.named.extend(private.named);
            }
        }
        Fields::Unnamed(unnamed) => {
            for field in &mut unnamed.unnamed {
                if !is_public(&field.vis) {
                    field.vis = Visibility::Inherited;
                    field.ty = parse_quote!(_);
                }
            }
        }
        Fields::Unit => {}
    }
    each_field(fields, |field| field.attrs = seen(&field.attrs));
}

fn outside_of_impl(each: &ItemImpl) -> Item {
    let mut each = each.clone();
    each.attrs = seen(&each.attrs);
    let of_trait = each.trait_.is_some();
    each.items = each.items.into_iter().filter_map(|item| impl_item(item, of_trait)).collect();
    Item::Impl(each)
}

/// Of a trait only its types: the rest is said where the trait is.
fn impl_item(item: ImplItem, of_trait: bool) -> Option<ImplItem> {
    match item {
        ImplItem::Fn(mut each) if !of_trait && is_public(&each.vis) => {
            each.attrs = seen(&each.attrs);
            each.block = parse_quote!({});
            Some(ImplItem::Fn(each))
        }
        ImplItem::Const(mut each) if !of_trait && is_public(&each.vis) => {
            each.attrs = seen(&each.attrs);
            each.expr = parse_quote!(_);
            Some(ImplItem::Const(each))
        }
        ImplItem::Type(mut each) if of_trait => {
            each.attrs = seen(&each.attrs);
            Some(ImplItem::Type(each))
        }
        _ => None,
    }
}

/// The folder of a crate, from that of this one.
pub(crate) fn folder(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(of)
}
