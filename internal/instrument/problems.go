package instrument

import "tekentafel/internal/yamlfile"

// Problem is one thing wrong with an instrument: where, what, and how to mend it.
type Problem = yamlfile.Problem

// Problems is the error of Parse: everything wrong with an instrument, by line.
type Problems = yamlfile.Problems
