package i18n

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"tekentafel/internal/instrument"
)

// Bundle holds the message files of one feature, read when a language is first asked for. It is safe for concurrent use.
type Bundle struct {
	files fs.FS
	dir   string
	load  map[instrument.Lang]func() (*catalogue, error)
}

// catalogue is one parsed message file.
type catalogue struct {
	localizer *goi18n.Localizer
	messages  map[string]*goi18n.Message
}

// New returns the messages under dir in files: nl.yaml, fr.yaml, de.yaml and en.yaml. It reads nothing yet.
func New(files fs.FS, dir string) *Bundle {
	b := &Bundle{files: files, dir: dir, load: map[instrument.Lang]func() (*catalogue, error){}}
	for _, lang := range instrument.Languages() {
		b.load[lang] = sync.OnceValues(func() (*catalogue, error) { return b.read(lang) })
	}
	return b
}

// read parses the message file of one language.
func (b *Bundle) read(lang instrument.Lang) (*catalogue, error) {
	name := path.Join(b.dir, string(lang)+".yaml")
	src, err := fs.ReadFile(b.files, name)
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	c := &catalogue{messages: map[string]*goi18n.Message{}}
	tag := language.Make(string(lang))
	bundle := goi18n.NewBundle(tag)
	file, err := goi18n.ParseMessageFileBytes(src, name, map[string]goi18n.UnmarshalFunc{"yaml": yaml.Unmarshal})
	if err != nil {
		return nil, fmt.Errorf("messages: %s: %w", name, err)
	}
	for _, m := range file.Messages {
		completeForms(m)
		for _, form := range forms(m) {
			if _, err := parse(form); err != nil {
				return nil, fmt.Errorf("messages: %s: %s: %w", name, m.ID, err)
			}
		}
		if err := bundle.AddMessages(tag, m); err != nil {
			return nil, fmt.Errorf("messages: %s: %s: %w", name, m.ID, err)
		}
		c.messages[m.ID] = m
	}
	c.localizer = goi18n.NewLocalizer(bundle, string(lang))
	return c, nil
}

// catalogue returns the messages of lang.
func (b *Bundle) catalogue(lang instrument.Lang) (*catalogue, error) {
	load := b.load[lang]
	if load == nil {
		return nil, fmt.Errorf("messages: no language %q; the interface speaks %v", lang, instrument.Languages())
	}
	return load()
}

// Check reports every way in which the languages differ: a file that cannot be read, a key that one of them lacks, a
// placeholder that one of them lacks or adds, an empty text, a plural without "other". It is for tests.
func (b *Bundle) Check() error {
	all := map[instrument.Lang]*catalogue{}
	keys := map[string]bool{}
	for _, lang := range instrument.Languages() {
		c, err := b.catalogue(lang)
		if err != nil {
			return err
		}
		all[lang] = c
		for key := range c.messages {
			keys[key] = true
		}
	}
	var problems []error
	for _, key := range sorted(keys) {
		var want []string
		for i, lang := range instrument.Languages() {
			m := all[lang].messages[key]
			if m == nil {
				problems = append(problems, fmt.Errorf("%s: %q is missing", lang, key))
				continue
			}
			got := placeholders(m)
			if m.Other == "" {
				problems = append(problems, fmt.Errorf("%s: %q has no text", lang, key))
			}
			if i == 0 {
				want = got
			} else if !slices.Equal(got, want) {
				problems = append(problems, fmt.Errorf("%s: %q has the placeholders %v, in Dutch %v", lang, key, got, want))
			}
		}
	}
	return errors.Join(problems...)
}

// Keys lists the keys of the Dutch messages, sorted.
func (b *Bundle) Keys() ([]string, error) {
	c, err := b.catalogue(instrument.NL)
	if err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	for key := range c.messages {
		keys[key] = true
	}
	return sorted(keys), nil
}

// completeForms lets a plural form that the file does not give be the same as "other", so that a rare form (the French one
// for millions) never leaves a sentence out.
func completeForms(m *goi18n.Message) {
	for _, form := range []*string{&m.Zero, &m.One, &m.Two, &m.Few, &m.Many} {
		if *form == "" {
			*form = m.Other
		}
	}
}

// forms lists the texts of a message, by plural form.
func forms(m *goi18n.Message) []string {
	return slices.DeleteFunc([]string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other}, func(s string) bool { return s == "" })
}

// placeholders lists the names that the forms of a message use, sorted.
func placeholders(m *goi18n.Message) []string {
	names := map[string]bool{}
	for _, form := range forms(m) {
		t, err := parse(form)
		if err != nil {
			continue // read has refused such a message
		}
		for _, p := range t {
			if p.name != "" {
				names[p.name] = true
			}
		}
	}
	return sorted(names)
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}
