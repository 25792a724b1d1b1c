package web

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"
)

// Packed is a large part of pages that is the same whoever reads it, such as a report. It is compressed once, and the pages
// around it are compressed without it. It is a templ.Component and safe for concurrent use.
type Packed struct {
	html     []byte
	deflated []byte // blocks of RFC 1951 that end on a byte, refer to nothing before them, and are not the last
}

var _ templ.Component = (*Packed)(nil)

// Pack compresses html, which must not change afterwards.
func Pack(html []byte) (*Packed, error) {
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(html); err != nil {
		return nil, err
	}
	if err := z.Flush(); err != nil {
		return nil, err
	}
	return &Packed{html: html, deflated: bytes.Clone(b.Bytes())}, nil
}

// Size returns how many bytes are kept.
func (p *Packed) Size() int { return len(p.html) + len(p.deflated) }

type assemblyKey struct{}

// assembly collects what was packed before while a page is rendered.
type assembly struct{ parts []*Packed }

// seam stands in a rendered page where a part belongs. Nothing that anybody writes can hold it.
var seam = sync.OnceValue(func() []byte { return []byte("\x00" + rand.Text() + "\x00") })

// Render implements templ.Component. In a page of this package it only notes where the part belongs.
func (p *Packed) Render(ctx context.Context, w io.Writer) error {
	a, ok := ctx.Value(assemblyKey{}).(*assembly)
	if !ok {
		_, err := w.Write(p.html)
		return err
	}
	a.parts = append(a.parts, p)
	_, err := w.Write(seam())
	return err
}

var errSeams = errors.New("web: the parts of a page are not where they were rendered")

// sendAssembled is Send for a page with parts: text holds what is around them.
func (r *Request) sendAssembled(w http.ResponseWriter, status int, mediaType string, text []byte, parts []*Packed) error {
	between := bytes.Split(text, seam())
	if len(between) != len(parts)+1 { // what was rendered was not written as it was
		return errSeams
	}
	if status == 0 {
		status = http.StatusOK
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Add("Vary", "Accept-Encoding, Cookie, Accept-Language")
	body := takeBuffer()
	defer giveBuffer(body)
	if takesGzip(r.Header.Values("Accept-Encoding")) {
		if err := gzipped(body, between, parts); err != nil {
			return err
		}
		h.Set("Content-Encoding", "gzip")
	} else {
		for i, t := range between {
			body.Write(t)
			if i < len(parts) {
				body.Write(parts[i].html)
			}
		}
	}
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	if _, err := w.Write(body.Bytes()); err != nil {
		traced(r.Request).err = err // the answer has begun; nobody is left to tell
	}
	return nil
}

var deflaters = sync.Pool{New: func() any {
	z, _ := flate.NewWriter(io.Discard, flate.BestSpeed) // the level is known, so this cannot fail
	return z
}}

// gzipped writes texts with the parts between them as one member of RFC 1952. Each text is compressed by itself, so that
// none refers back across a part.
func gzipped(b *bytes.Buffer, texts [][]byte, parts []*Packed) error {
	b.Write([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255})
	z := deflaters.Get().(*flate.Writer) //nolint:forcetypeassert // the pool holds nothing else
	defer deflaters.Put(z)
	sum, size := uint32(0), 0
	for i, t := range texts {
		if err := deflate(b, z, t); err != nil {
			return err
		}
		sum, size = crc32.Update(sum, crc32.IEEETable, t), size+len(t)
		if i < len(parts) {
			p := parts[i]
			b.Write(p.deflated)
			sum, size = crc32.Update(sum, crc32.IEEETable, p.html), size+len(p.html)
		}
	}
	store(b, nil, true)
	b.Write(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, sum), uint32(size)))
	return nil
}

// deflate writes blocks of RFC 1951 that end on a byte and are not the last. A short text goes as it is: the tables to pack
// it take more time than it is worth.
func deflate(b *bytes.Buffer, z *flate.Writer, text []byte) error {
	if len(text) < compressFrom {
		store(b, text, false)
		return nil
	}
	z.Reset(b)
	if _, err := z.Write(text); err != nil {
		return err
	}
	return z.Flush()
}

// store writes a text of less than 64 kB as a block that is not compressed (RFC 1951, section 3.2.4), on a byte.
func store(b *bytes.Buffer, text []byte, last bool) {
	kind := byte(0)
	if last {
		kind = 1
	}
	n := uint16(len(text))
	b.WriteByte(kind)
	b.Write(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, n), ^n))
	b.Write(text)
}
