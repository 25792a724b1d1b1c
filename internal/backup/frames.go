package backup

import (
	"bufio"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"tekentafel/internal/seal"
)

const (
	magic      = "tekentafel backup\n"
	frameSize  = 64 << 10
	maxHeader  = 4 << 10
	saltSize   = 32
	sealed     = "aes-256-gcm"
	unsealed   = "none"
	keyPurpose = "backup file"
)

// Errors that callers tell apart.
var (
	// ErrNoBackup says that a file is no backup of this program.
	ErrNoBackup = errors.New("this is no backup of Tekentafel")
	// ErrDamaged says that a backup is not whole or was changed.
	ErrDamaged = errors.New("the backup is damaged or not whole; take another copy, or an earlier backup")
	// ErrOtherKey says that a backup belongs to another key than the one given.
	ErrOtherKey = errors.New("the backup belongs to another key")
)

// Header is what stands readable at the beginning of a backup.
type Header struct {
	Format int    `json:"format"`
	Cipher string `json:"cipher"`
	Key    string `json:"key"` // fingerprint of the key of the installation
	Salt   []byte `json:"salt"`
}

// aead returns what seals the frames. The key is made for this file alone, so a number is nonce enough.
func (h *Header) aead(box *seal.Box) (cipher.AEAD, error) {
	if h.Cipher == unsealed {
		return checksum{}, nil
	}
	if box == nil || box.Fingerprint() != h.Key {
		return nil, fmt.Errorf("%w: it was made with the key that has the fingerprint %s; give that key", ErrOtherKey, h.Key)
	}
	block, err := aes.NewCipher(box.Keyed(keyPurpose, h.Salt))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// readHeader reads the beginning of a backup; raw is all that it read.
func readHeader(r *bufio.Reader) (h *Header, raw []byte, err error) {
	raw = make([]byte, len(magic), maxHeader)
	if _, err := io.ReadFull(r, raw); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, err
	}
	if string(raw) != magic {
		return nil, nil, fmt.Errorf("%w: it does not begin as one; name another file", ErrNoBackup)
	}
	for raw[len(raw)-1] != '\n' || len(raw) == len(magic) {
		b, err := r.ReadByte()
		if err != nil || len(raw) == maxHeader {
			return nil, nil, fmt.Errorf("%w: it ends in its second line", ErrDamaged)
		}
		raw = append(raw, b)
	}
	h = &Header{}
	if err := json.Unmarshal(raw[len(magic):], h); err != nil {
		return nil, nil, fmt.Errorf("%w: its second line cannot be read", ErrDamaged)
	}
	if h.Format > format {
		return nil, nil, fmt.Errorf("the backup has format %d and this program knows %d; restore it with the version that made it, or a newer one", h.Format, format)
	}
	if h.Format < 1 || (h.Cipher != sealed && h.Cipher != unsealed) || len(h.Salt) != saltSize {
		return nil, nil, fmt.Errorf("%w: its second line makes no sense", ErrDamaged)
	}
	return h, raw, nil
}

// frameWriter seals what is written to it, frame by frame. Close seals the last one.
type frameWriter struct {
	w      io.Writer
	aead   cipher.AEAD
	header []byte
	number uint64
	buf    []byte
	out    []byte
}

// newFrameWriter writes the header and returns where the content goes. Without encryption the frames hold checksums alone.
func newFrameWriter(w io.Writer, box *seal.Box, plain bool) (*frameWriter, error) {
	h := Header{Format: format, Cipher: sealed, Key: box.Fingerprint(), Salt: make([]byte, saltSize)}
	if plain {
		h.Cipher = unsealed
	}
	_, _ = rand.Read(h.Salt) // never fails (crypto/rand)
	line, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	aead, err := h.aead(box)
	if err != nil {
		return nil, err
	}
	f := &frameWriter{w: w, aead: aead, header: append([]byte(magic), append(line, '\n')...), buf: make([]byte, 0, frameSize)}
	_, err = w.Write(f.header)
	return f, err
}

func (f *frameWriter) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		if len(f.buf) == frameSize { // only now is it certain that it is not the last
			if err := f.flush(false); err != nil {
				return n, err
			}
		}
		took := min(len(b), frameSize-len(f.buf))
		f.buf = append(f.buf, b[:took]...)
		b, n = b[took:], n+took
	}
	return n, nil
}

func (f *frameWriter) flush(last bool) error {
	f.out = f.aead.Seal(f.out[:0], nonce(f.number, last), f.buf, f.header)
	f.number++
	f.buf = f.buf[:0]
	_, err := f.w.Write(f.out)
	return err
}

// Close writes the last frame; it leaves the writer below open.
func (f *frameWriter) Close() error { return f.flush(true) }

func nonce(number uint64, last bool) []byte {
	n := make([]byte, 12)
	binary.BigEndian.PutUint64(n[3:], number)
	if last {
		n[11] = 1
	}
	return n
}

// frameReader opens frames and ends with io.EOF only when it has seen the last.
type frameReader struct {
	ctx    context.Context // a reader has no other way to be stopped
	r      *bufio.Reader
	aead   cipher.AEAD
	header []byte
	number uint64
	raw    []byte
	open   []byte
	left   []byte
	done   bool
}

// newFrameReader reads the header of r.
func newFrameReader(ctx context.Context, r io.Reader, box *seal.Box) (*frameReader, *Header, error) {
	b := bufio.NewReaderSize(r, frameSize)
	h, raw, err := readHeader(b)
	if err != nil {
		return nil, nil, err
	}
	aead, err := h.aead(box)
	if err != nil {
		return nil, nil, err
	}
	return &frameReader{ctx: ctx, r: b, aead: aead, header: raw, raw: make([]byte, frameSize+aead.Overhead())}, h, nil
}

func (f *frameReader) Read(b []byte) (int, error) {
	for len(f.left) == 0 {
		if f.done {
			return 0, io.EOF
		}
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, f.left)
	f.left = f.left[n:]
	return n, nil
}

// ReadByte lets the reader of gzip take no more than it needs.
func (f *frameReader) ReadByte() (byte, error) {
	var b [1]byte
	_, err := io.ReadFull(f, b[:])
	return b[0], err
}

func (f *frameReader) next() error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	n, err := io.ReadFull(f.r, f.raw)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read the backup: %w", err)
	}
	_, more := f.r.Peek(1)
	if more != nil && !errors.Is(more, io.EOF) {
		return fmt.Errorf("read the backup: %w", more)
	}
	f.done = more != nil
	f.open, err = f.aead.Open(f.open[:0], nonce(f.number, f.done), f.raw[:n], f.header)
	if err != nil {
		return fmt.Errorf("%w (frame %d does not fit)", ErrDamaged, f.number+1)
	}
	f.number++
	f.left = f.open
	return nil
}

// checksum stands in for a cipher where a backup is not encrypted: it shows damage, and keeps nothing secret.
type checksum struct{}

const sumSize = 16

func (checksum) NonceSize() int { return 12 }
func (checksum) Overhead() int  { return sumSize }

func (checksum) sum(nonce, text, header []byte) []byte {
	h := sha256.New()
	for _, part := range [][]byte{nonce, header, text} { // nonce and header have one length in a file
		h.Write(part)
	}
	return h.Sum(nil)[:sumSize]
}

func (c checksum) Seal(dst, nonce, text, header []byte) []byte {
	return append(append(dst, text...), c.sum(nonce, text, header)...)
}

func (c checksum) Open(dst, nonce, framed, header []byte) ([]byte, error) {
	if len(framed) < sumSize {
		return nil, ErrDamaged
	}
	text, sum := framed[:len(framed)-sumSize], framed[len(framed)-sumSize:]
	if subtle.ConstantTimeCompare(sum, c.sum(nonce, text, header)) != 1 {
		return nil, ErrDamaged
	}
	return append(dst, text...), nil
}
