package command

import (
	"fmt"
	"runtime/debug"
)

// versionCommand prints the version.
type versionCommand struct{}

// Run prints the version that the build recorded.
func (*versionCommand) Run(s *Streams) error {
	_, err := fmt.Fprintln(s.Out, "tekentafel", version())
	return err
}

// version returns the module version or the commit of the build; "development" when neither was recorded.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "development"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return "development"
}
