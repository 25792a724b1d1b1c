package config

import "strings"

// Problem is one thing that is wrong with the settings.
type Problem struct {
	What  string `json:"what"`
	Where string `json:"where"` // the flag, the environment variable, or the file and its line
	Mend  string `json:"mend"`
}

func (p Problem) String() string { return p.Where + ": " + p.What + "; " + p.Mend }

// Problems is everything that is wrong with the settings, as an error.
type Problems []Problem

// Error lists one problem a line.
func (p Problems) Error() string {
	lines := make([]string, 0, len(p)+1)
	lines = append(lines, "the settings are wrong")
	for _, one := range p {
		lines = append(lines, "  "+one.String())
	}
	return strings.Join(lines, "\n")
}

// orNil returns p as an error when it holds any.
func (p Problems) orNil() error {
	if len(p) == 0 {
		return nil
	}
	return p
}
