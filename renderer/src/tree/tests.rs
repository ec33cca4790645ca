//! Trees on real folders, and on disks that fail.

mod check;
mod clashes;
mod faults;
mod faulty;
mod hostile;
mod line_ends;
mod real_faults;
mod support;
mod untouched;
