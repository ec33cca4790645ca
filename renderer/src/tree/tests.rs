//! Tests with folders on disk, and with disks that fail.

mod check;
mod clashes;
mod faults;
mod faults_in_pairs;
mod faulty;
mod hold;
mod hostile;
mod line_ends;
mod real_faults;
mod support;
mod untouched;
