package room

import (
	"bytes"
	"encoding/binary"

	"tekentafel/internal/problem"
)

// orientation returns how a JPEG is to be turned, 1 to 8 (Exif 2.3, tag 0x0112); 1 when it does not say.
func orientation(data []byte) int {
	if mediaOf(data) != mediaJPEG {
		return 1
	}
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		marker, size := data[i+1], int(binary.BigEndian.Uint16(data[i+2:]))
		if marker == 0xda || size < 2 || i+2+size > len(data) {
			return 1
		}
		if body := data[i+4 : i+2+size]; marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		i += 2 + size
	}
	return 1
}

func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(b[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	for i, n := int64(0), int64(order.Uint16(b[at:])); i < n; i++ {
		e := at + 2 + 12*i
		if e+12 > int64(len(b)) {
			return 1
		}
		if order.Uint16(b[e:]) == 0x0112 {
			if how := int(order.Uint16(b[e+8:])); how >= 1 && how <= 8 {
				return how
			}
			return 1
		}
	}
	return 1
}

// bareWebP returns a WebP image without the chunks that say where, when and with what it was made (WebP container specification). Its pixels stay as they
// are: nothing here decodes them.
func bareWebP(data []byte) ([]byte, error) {
	wrong := refuse(problem.Invalid, "error.image")
	if len(data) < 20 || len(data) > mostImage {
		if len(data) > mostImage {
			return nil, refuse(problem.TooLarge, "error.image-large")
		}
		return nil, wrong
	}
	out := append([]byte{}, data[:12]...)
	pixels := false
	for i := 12; i+8 <= len(data); {
		name, size := string(data[i:i+4]), int64(binary.LittleEndian.Uint32(data[i+4:]))
		next := int64(i) + 8 + size + size%2
		if int64(i)+8+size > int64(len(data)) {
			return nil, wrong
		}
		next = min(next, int64(len(data)))
		chunk := append([]byte{}, data[i:next]...)
		switch name {
		case "VP8 ", "VP8L", "ANMF":
			pixels = true
			out = append(out, chunk...)
		case "VP8X":
			if size < 10 {
				return nil, wrong
			}
			chunk[8] &^= 0x08 | 0x04 // it has neither Exif nor XMP any more
			out = append(out, chunk...)
		case "ALPH", "ANIM":
			out = append(out, chunk...)
		}
		i = int(next)
	}
	if !pixels {
		return nil, wrong
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}
