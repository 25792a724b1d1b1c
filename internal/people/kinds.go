package people

import "tekentafel/internal/problem"

// JobKinds lists the kinds of jobs of this feature, for a program that works on them alone.
func JobKinds() []string { return []string{previewJob, applyJob, undoJob, assessJob} }

// TooLarge says that a file is larger than what is taken.
func TooLarge() error { return refuse(problem.TooLarge, "file.limit", nil) }

// NoMapping says that what was given for the columns of a file is no mapping; cause is what mapping.Parse said.
func NoMapping(cause error) error {
	form := problem.Form{Bundle: locale()}
	form.Wrong("mapping", "error.mapping", nil)
	p, _ := problem.Of(form.Err())
	return p.Because(cause)
}
