package people

// JobKinds lists the kinds of jobs of this feature, for a program that works on them alone.
func JobKinds() []string { return []string{previewJob, applyJob, undoJob, assessJob} }
