package config

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
)

// origin knows from where each value came.
type origin struct {
	flags   map[string]bool // given on the command line
	file    string
	entries map[string]entry
}

// BeforeResolve lets kong take what neither a flag nor an environment variable sets from the settings file. Kong calls it.
func (s *Store) BeforeResolve(ctx *kong.Context) error {
	s.origin = origin{flags: map[string]bool{}}
	path := s.Config
	for _, p := range ctx.Path {
		if p.Flag == nil || p.Resolved {
			continue
		}
		s.origin.flags[p.Flag.Name] = true
		if p.Flag.Name == "config" {
			path, _ = ctx.FlagValue(p.Flag).(string)
		}
	}
	if path == "" {
		return nil
	}
	fields, err := Fields()
	if err != nil {
		return err
	}
	data, err := read(path)
	if err != nil {
		return fmt.Errorf("the settings file cannot be read: %w; check --config, or TEKENTAFEL_CONFIG, and its rights", err)
	}
	entries, problems := parseFile(path, data, fields)
	if len(problems) > 0 {
		return problems
	}
	s.origin.file, s.origin.entries = path, entries
	ctx.AddResolver(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		e, found := entries[flag.Name]
		if !found || fromEnv(flag.Envs) != "" {
			return nil, nil //nolint:nilnil // kong's way to say that the file sets nothing
		}
		return e.text, nil
	}))
	return nil
}

// read reads a file of at most a little more than maxFile.
func read(path string) (_ []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// fromEnv returns which of the environment variables is set.
func fromEnv(names []string) string {
	for _, name := range names {
		if _, set := os.LookupEnv(name); set {
			return name
		}
	}
	return ""
}

// where says from where the value of a setting came.
func (o origin) where(name string) string {
	if o.flags[name] {
		return "--" + name
	}
	if env := fromEnv([]string{envOf(name)}); env != "" {
		return env
	}
	if e, found := o.entries[name]; found {
		return fmt.Sprintf("%s:%d", o.file, e.line)
	}
	return "--" + name
}
