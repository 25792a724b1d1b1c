package extract

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

const (
	maxParts = 5000 // of a document
	maxDepth = 200  // of elements within elements
)

func openZip(data []byte) (*zip.Reader, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged(err)
	}
	if len(z.File) > maxParts {
		return nil, refuse("error.bomb")
	}
	return z, nil
}

// pack is a document of parts. What is unpacked of all of them together is bounded, whatever they say of their size.
type pack struct {
	zip  *zip.Reader
	left int64
	out  *output
}

func openPack(data []byte, out *output) (*pack, error) {
	z, err := openZip(data)
	if err != nil {
		return nil, err
	}
	return &pack{zip: z, left: out.limits.Unpacked, out: out}, nil
}

// part returns a part by its name, which is compared without case; nil without one.
func (p *pack) part(name string) *zip.File {
	for _, f := range p.zip.File {
		if strings.EqualFold(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"), name) {
			return f
		}
	}
	return nil
}

// meter counts down what may still be unpacked.
type meter struct {
	r io.Reader
	p *pack
}

var errBomb = errors.New("unpacks to too much")

func (m meter) Read(b []byte) (int, error) {
	if m.p.left <= 0 {
		return 0, errBomb
	}
	if err := m.p.out.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.r.Read(b[:min(int64(len(b)), m.p.left)])
	m.p.left -= int64(n)
	return n, err
}

// visitor is told of the elements and texts of a part, in order.
type visitor interface {
	start(e xml.StartElement) error
	end(name string) error
	text(s string) error
}

// each walks through the XML of a part. Entities other than the five of XML are refused, and so are document types: nothing can grow.
func (p *pack) each(f *zip.File, v visitor) error {
	r, err := f.Open()
	if err != nil {
		return damaged(err)
	}
	defer r.Close() //nolint:errcheck // only read from
	d := xml.NewDecoder(meter{r: r, p: p})
	depth := 0
	for {
		if err := p.out.step(); err != nil {
			return err
		}
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && depth == 0 {
			return nil
		}
		if errors.Is(err, errBomb) {
			return refuseFor("error.bomb", err)
		}
		if err != nil {
			return damaged(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return refuse("error.bomb")
			}
			err = v.start(t)
		case xml.EndElement:
			if depth--; depth < 0 {
				return damaged(nil)
			}
			err = v.end(t.Name.Local)
		case xml.CharData:
			err = v.text(string(t))
		case xml.Directive:
			err = damaged(errors.New("a document type"))
		}
		if err != nil {
			return err
		}
	}
}

// relations returns the parts to which a part refers, by the last word of the kind of relation, in the order in which they are written.
func (p *pack) relations(of string) ([]relation, error) {
	f := p.part(path.Join(path.Dir(of), "_rels", path.Base(of)+".rels"))
	if f == nil {
		return nil, nil
	}
	v := &relationReader{base: path.Dir(of)}
	err := p.each(f, v)
	return v.list, err
}

type relation struct{ kind, part string }

type relationReader struct {
	base string
	list []relation
}

func (v *relationReader) start(e xml.StartElement) error {
	if e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" || len(v.list) >= maxParts {
		return nil
	}
	target := attr(e, "Target")
	if strings.HasPrefix(target, "/") {
		target = strings.TrimPrefix(path.Clean(target), "/")
	} else {
		target = path.Join(v.base, target)
	}
	v.list = append(v.list, relation{kind: path.Base(attr(e, "Type")), part: target})
	return nil
}

func (v *relationReader) end(string) error  { return nil }
func (v *relationReader) text(string) error { return nil }

// attr returns an attribute by its name without prefix.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
