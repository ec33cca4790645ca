//! From one `Fleet` to the manifests that install partner allowlists from Git, in order, or forbid them.
