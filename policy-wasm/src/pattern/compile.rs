//! Turns parsed patterns into one automaton, back to front: whatever is emitted leads to what is there already.
//!
//! regex-automata has a compiler of its own, which calls itself once a level. A pattern may nest a thousand
//! levels deep and a Wasm host may give half a megabyte of stack, so this one keeps its tasks in a list.

use regex_automata::nfa::thompson::{Builder, NFA, Transition};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;

use super::tree::{Node, NodeId, Tree};
use super::utf8::{ByteClass, Target};

/// The automaton of all texts that match one of `trees` from their first byte to their last.
/// None if it has more states than regex-automata has numbers for them.
pub(super) fn compile(trees: &[Tree]) -> Option<NFA> {
    let mut builder = Builder::new();
    builder.start_pattern().ok()?;
    let matched = builder.add_match().ok()?;
    let end = builder.add_look(matched, Look::End).ok()?;
    let mut starts = Vec::with_capacity(trees.len());
    for tree in trees {
        starts.push(emit(tree, &mut builder, end)?);
    }
    let start = builder.add_union(starts).ok()?;
    builder.finish_pattern(start).ok()?;
    builder.build(start, start).ok()
}

/// What is left to do. Whenever a task ends, `at` is the state that what comes before it leads to.
enum Task<'t> {
    Node(NodeId),
    /// A branch ends: keep where it starts, and begin with the branch to the left of it.
    Branch {
        left: &'t [NodeId],
        starts: Vec<StateID>,
        end: StateID,
    },
    /// `left` more copies of a node, one before the other.
    Copies {
        node: NodeId,
        left: u32,
    },
    /// `left` more copies of a node; from before each one the way leads to `end` too.
    Optional {
        node: NodeId,
        left: u32,
        end: StateID,
    },
    /// The body of a loop ends; `decide` is the state that repeats it. Without `skip` it runs at least once.
    Loop {
        decide: StateID,
        end: StateID,
        skip: bool,
    },
    /// Offers a way around what was emitted since `end`.
    Skip {
        end: StateID,
    },
}

/// Emits a tree that leads to `end`, and gives the state that it starts in.
fn emit(tree: &Tree, builder: &mut Builder, end: StateID) -> Option<StateID> {
    let mut tasks: Vec<Task<'_>> = tree.root().map(Task::Node).into_iter().collect();
    let mut at = end;
    while let Some(task) = tasks.pop() {
        match task {
            Task::Node(id) => match tree.node(id) {
                None => at = builder.add_fail().ok()?,
                Some(Node::Char(c)) => at = character(builder, *c, at)?,
                Some(Node::Class(id)) => {
                    at = match tree.class(*id) {
                        Some(class) => bytes(builder, class, at)?,
                        None => builder.add_fail().ok()?,
                    }
                }
                Some(Node::Look(look)) => at = builder.add_look(at, *look).ok()?,
                Some(Node::Concat(items)) => tasks.extend(items.iter().map(|item| Task::Node(*item))),
                Some(Node::Alternate(branches)) => {
                    if let Some((last, left)) = branches.split_last() {
                        let starts = Vec::with_capacity(branches.len());
                        tasks.push(Task::Branch { left, starts, end: at });
                        tasks.push(Task::Node(*last));
                    }
                }
                Some(Node::Repeat { node, min, max: Some(max), .. }) => {
                    tasks.push(Task::Copies { node: *node, left: *min });
                    tasks.push(Task::Optional { node: *node, left: max.saturating_sub(*min), end: at });
                }
                Some(Node::Repeat { node, min, max: None, .. }) => {
                    let decide = builder.add_union(Vec::new()).ok()?;
                    tasks.push(Task::Copies { node: *node, left: min.saturating_sub(1) });
                    tasks.push(Task::Loop { decide, end: at, skip: *min == 0 });
                    tasks.push(Task::Node(*node));
                    at = decide;
                }
            },
            Task::Branch { left, mut starts, end } => {
                starts.push(at);
                match left.split_last() {
                    Some((last, left)) => {
                        tasks.push(Task::Branch { left, starts, end });
                        tasks.push(Task::Node(*last));
                        at = end;
                    }
                    None => at = builder.add_union(starts).ok()?,
                }
            }
            Task::Copies { node, left } => {
                if let Some(left) = left.checked_sub(1) {
                    tasks.push(Task::Copies { node, left });
                    tasks.push(Task::Node(node));
                }
            }
            Task::Optional { node, left, end } => {
                if let Some(left) = left.checked_sub(1) {
                    tasks.push(Task::Optional { node, left, end });
                    tasks.push(Task::Skip { end });
                    tasks.push(Task::Node(node));
                }
            }
            Task::Skip { end } => at = builder.add_union(vec![at, end]).ok()?,
            Task::Loop { decide, end, skip } => {
                builder.patch(decide, at).ok()?;
                builder.patch(decide, end).ok()?;
                if skip {
                    at = decide;
                }
            }
        }
    }
    Some(at)
}

fn character(builder: &mut Builder, c: char, end: StateID) -> Option<StateID> {
    let mut buffer = [0; 4];
    c.encode_utf8(&mut buffer)
        .bytes()
        .rev()
        .try_fold(end, |next, byte| builder.add_range(Transition { start: byte, end: byte, next }).ok())
}

fn bytes(builder: &mut Builder, class: &ByteClass, end: StateID) -> Option<StateID> {
    let mut emitted: Vec<StateID> = Vec::with_capacity(class.states().len());
    for arcs in class.states() {
        let transitions: Vec<Transition> = arcs
            .iter()
            .filter_map(|arc| {
                let next = match arc.target {
                    Target::End => end,
                    Target::State(index) => *emitted.get(index)?,
                };
                Some(Transition { start: arc.low, end: arc.high, next })
            })
            .collect();
        emitted.push(match transitions.as_slice() {
            [] => builder.add_fail().ok()?,
            [only] => builder.add_range(*only).ok()?,
            _ => builder.add_sparse(transitions).ok()?,
        });
    }
    match emitted.last() {
        Some(start) => Some(*start),
        None => builder.add_fail().ok(),
    }
}
