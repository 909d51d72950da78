//! Which handle was made from which. A freed handle leaves its children to the one that it was made from, so the tree
//! is at most twice as large as there are handles, whatever was freed in which order.

use std::mem;

use crate::memory::OutOfMemory;

/// Sessions are made from clients, and clones of either from their like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Client,
    Session,
}

/// No node.
const NONE: u32 = u32::MAX;

/// The node whose children are the free places.
const FREE: u32 = 0;

pub struct Tree<T> {
    nodes: Vec<Node<T>>,
}

struct Node<T> {
    /// None when its handle is freed: it then stands for its children, as long as there are several.
    value: Option<T>,
    kind: Kind,
    parent: u32,
    first_child: u32,
    before: u32,
    after: u32,
}

impl<T> Tree<T> {
    /// A tree of one handle, and where that is.
    pub fn new(kind: Kind, value: T) -> Result<(Self, u32), OutOfMemory> {
        let mut tree = Self { nodes: Vec::new() };
        // A first place, for nobody: the one of all free places.
        tree.place()?;
        let top = tree.add(NONE, kind, value)?;
        Ok((tree, top))
    }

    pub fn add(&mut self, parent: u32, kind: Kind, value: T) -> Result<u32, OutOfMemory> {
        let at = self.place()?;
        let node = &mut self.nodes[at as usize];
        (node.value, node.kind) = (Some(value), kind);
        self.link(at, parent);
        Ok(at)
    }

    /// The handle there is freed.
    pub fn remove(&mut self, at: u32) {
        self.nodes[at as usize].value = None;
        let parent = self.nodes[at as usize].parent;
        self.tidy(at);
        if self.get(parent).is_some_and(|parent| parent.value.is_none()) {
            self.tidy(parent);
        }
    }

    /// Visits the handle at `top` and all that were made from it; with `only`, those of that kind, and nothing below others.
    pub fn each(&self, top: u32, only: Option<Kind>, mut visit: impl FnMut(&T)) {
        let mut at = top;
        loop {
            let node = &self.nodes[at as usize];
            let is_meant = only.is_none_or(|kind| kind == node.kind);
            if let Some(value) = node.value.as_ref().filter(|_| is_meant) {
                visit(value);
            }
            if is_meant && node.first_child != NONE {
                at = node.first_child;
                continue;
            }
            while at != top && self.nodes[at as usize].after == NONE {
                at = self.nodes[at as usize].parent;
            }
            if at == top {
                return;
            }
            at = self.nodes[at as usize].after;
        }
    }

    /// Takes a freed handle's node away, unless it stands for several children.
    fn tidy(&mut self, at: u32) {
        let Node { parent, first_child, .. } = self.nodes[at as usize];
        if let Some(child) = self.get(first_child) {
            if child.after != NONE {
                return;
            }
            self.unlink(first_child);
            self.link(first_child, parent);
        }
        self.unlink(at);
        self.link(at, FREE);
        self.give_back();
    }

    /// As the first child: their order means nothing.
    fn link(&mut self, at: u32, parent: u32) {
        let after = self.get_mut(parent).map_or(NONE, |parent| mem::replace(&mut parent.first_child, at));
        if let Some(after) = self.get_mut(after) {
            after.before = at;
        }
        let node = &mut self.nodes[at as usize];
        (node.parent, node.before, node.after) = (parent, NONE, after);
    }

    fn unlink(&mut self, at: u32) {
        let Node { parent, before, after, .. } = self.nodes[at as usize];
        if let Some(before) = self.get_mut(before) {
            before.after = after;
        } else if let Some(parent) = self.get_mut(parent) {
            parent.first_child = after;
        }
        if let Some(after) = self.get_mut(after) {
            after.before = before;
        }
    }

    /// A place for another node, which is nobody's child.
    fn place(&mut self) -> Result<u32, OutOfMemory> {
        if let Some(at) = self.get(FREE).map(|free| free.first_child).filter(|&at| at != NONE) {
            self.unlink(at);
            return Ok(at);
        }
        let at = u32::try_from(self.nodes.len()).ok().filter(|&at| at != NONE).ok_or(OutOfMemory)?;
        self.nodes.try_reserve(1).map_err(|_| OutOfMemory)?;
        let [parent, first_child, before, after] = [NONE; 4];
        self.nodes.push(Node { value: None, kind: Kind::Client, parent, first_child, before, after });
        Ok(at)
    }

    /// Free places at the end are given up, and with many of them their memory.
    fn give_back(&mut self) {
        while self.nodes.last().is_some_and(|last| last.parent == FREE) {
            self.unlink(self.nodes.len() as u32 - 1);
            self.nodes.pop();
        }
        if self.nodes.capacity() > 64 && self.nodes.len() < self.nodes.capacity() / 4 {
            let mut smaller = Vec::new();
            if smaller.try_reserve_exact(self.nodes.len() * 2).is_ok() {
                smaller.append(&mut self.nodes);
                self.nodes = smaller;
            }
        }
    }

    fn get(&self, at: u32) -> Option<&Node<T>> {
        self.nodes.get(at as usize)
    }

    fn get_mut(&mut self, at: u32) -> Option<&mut Node<T>> {
        self.nodes.get_mut(at as usize)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// The plain way to know who was made from whom: each handle's ancestors, freed or not.
    #[derive(Default)]
    struct Model {
        handles: Vec<Handle>,
    }

    struct Handle {
        at: u32,
        kind: Kind,
        ancestors: Vec<usize>,
        is_freed: bool,
    }

    impl Model {
        /// What a visit of `top` reaches.
        fn reached(&self, top: usize, only: Option<Kind>) -> BTreeSet<usize> {
            let is_meant = |number: usize| only.is_none_or(|kind| self.handles[number].kind == kind);
            let is_below = |number: usize| {
                let handle = &self.handles[number];
                number == top || handle.ancestors.contains(&top)
            };
            (0..self.handles.len())
                .filter(|&number| !self.handles[number].is_freed && is_below(number) && is_meant(number))
                .collect()
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Clone(usize),
        Session(usize),
        Free(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => any::<usize>().prop_map(Step::Clone),
            1 => any::<usize>().prop_map(Step::Session),
            4 => any::<usize>().prop_map(Step::Free),
        ]
    }

    proptest! {
        #[test]
        fn every_handle_reaches_all_that_were_made_from_it_and_no_others(steps in proptest::collection::vec(step(), 0..60)) {
            let (mut tree, at) = Tree::new(Kind::Client, 0).unwrap();
            let mut model = Model::default();
            model.handles.push(Handle { at, kind: Kind::Client, ancestors: Vec::new(), is_freed: false });
            for step in steps {
                let (Step::Clone(any) | Step::Session(any) | Step::Free(any)) = step;
                let live: Vec<_> = model.reached(0, None).into_iter().chain(
                    // The first handle may be freed too; then what is left was made from it.
                    (0..model.handles.len()).filter(|&number| !model.handles[number].is_freed),
                ).collect::<BTreeSet<_>>().into_iter().collect();
                let Some(&chosen) = live.get(any % live.len().max(1)) else { break };
                if let Step::Free(_) = step {
                    model.handles[chosen].is_freed = true;
                    tree.remove(model.handles[chosen].at);
                } else {
                    let from = &model.handles[chosen];
                    let kind = if matches!(step, Step::Session(_)) { Kind::Session } else { from.kind };
                    let mut ancestors = from.ancestors.clone();
                    ancestors.push(chosen);
                    let at = tree.add(from.at, kind, model.handles.len()).unwrap();
                    model.handles.push(Handle { at, kind, ancestors, is_freed: false });
                }
                let live = model.handles.iter().filter(|handle| !handle.is_freed).count();
                prop_assert!(tree.nodes.iter().filter(|node| node.parent != FREE).count() <= 2 * live + 1);
                for (number, handle) in model.handles.iter().enumerate().filter(|(_, handle)| !handle.is_freed) {
                    for only in [None, Some(handle.kind)] {
                        let mut reached = BTreeSet::new();
                        tree.each(handle.at, only, |&number| assert!(reached.insert(number), "visited twice"));
                        prop_assert_eq!(&reached, &model.reached(number, only));
                    }
                }
            }
        }
    }

    #[test]
    fn a_million_rounds_of_clone_and_free_the_old_one_take_two_places() {
        let (mut tree, mut at) = Tree::new(Kind::Client, ()).unwrap();
        for _ in 0..1_000_000 {
            let clone = tree.add(at, Kind::Client, ()).unwrap();
            tree.remove(at);
            at = clone;
        }
        assert!(tree.nodes.len() <= 3, "{} places", tree.nodes.len());
    }

    #[test]
    fn a_tree_that_was_large_gives_its_memory_back() {
        let (mut tree, top) = Tree::new(Kind::Client, ()).unwrap();
        let wide: Vec<_> = (0..1_000_000).map(|_| tree.add(top, Kind::Client, ()).unwrap()).collect();
        let mut deep = top;
        let deep: Vec<_> = (0..10_000)
            .map(|_| {
                deep = tree.add(deep, Kind::Client, ()).unwrap();
                deep
            })
            .collect();
        let mut count = 0;
        tree.each(top, None, |()| count += 1);
        assert_eq!(count, 1_010_001);
        wide.into_iter().chain(deep).for_each(|at| tree.remove(at));
        assert!(tree.nodes.capacity() <= 64, "room for {}", tree.nodes.capacity());
    }
}
