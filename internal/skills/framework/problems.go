package framework

import "tekentafel/internal/yamlfile"

// Problem is one thing wrong: where, what, and how to mend it.
type Problem = yamlfile.Problem

// Problems is the error of Parse, ParseItems and Adapt: everything wrong, by place.
type Problems = yamlfile.Problems
