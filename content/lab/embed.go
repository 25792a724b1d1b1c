// Package lab holds tasks, challenges and first examples of the place to try, as data.
package lab

import (
	"embed"
	"io/fs"
	"path"
	"sort"
)

//go:embed tasks challenges examples
var files embed.FS

// Kind is a folder of content.
type Kind string

// The kinds.
const (
	Tasks      Kind = "tasks"
	Challenges Kind = "challenges"
	Examples   Kind = "examples"
)

// File is a file of content.
type File struct {
	Name string // tasks/summarise.yaml
	YAML []byte
}

// Files returns the files of a kind, sorted by name.
func Files(k Kind) ([]File, error) {
	entries, err := fs.ReadDir(files, string(k))
	if err != nil {
		return nil, err
	}
	var out []File
	for _, e := range entries {
		name := path.Join(string(k), e.Name())
		src, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, File{Name: name, YAML: src})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, nil
}
