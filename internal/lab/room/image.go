package room

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

// Bounds of images. A model looks at no more than some 1,500 pixels a side, so more would only cost.
const (
	mostPixels   = 40_000_000 // of what is decoded: 160 MB while it is
	mostSide     = 1568       // pixels of what is sent
	mostImage    = 4 << 20    // bytes of what is sent
	mostDecoding = 2          // at once
	jpegQuality  = 85
)

// The media that models take.
const (
	mediaPNG  = "image/png"
	mediaJPEG = "image/jpeg"
	mediaGIF  = "image/gif"
	mediaWebP = "image/webp"
)

// mediaOf tells the medium of an image by its first bytes; "" for anything else.
func mediaOf(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return mediaPNG
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return mediaJPEG
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return mediaGIF
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return mediaWebP
	}
	return ""
}

// picture makes an image fit to be sent: without place, camera and date in it, upright, and no larger than a model looks at. A moving image loses all but
// its first picture.
func (p *Room) picture(ctx context.Context, data []byte) (media string, out []byte, err error) {
	select {
	case p.images <- struct{}{}:
		defer func() { <-p.images }()
	case <-ctx.Done():
		return "", nil, ctx.Err()
	}
	media = mediaOf(data)
	if media == mediaWebP {
		out, err = bareWebP(data)
		return media, out, err
	}
	var c image.Config
	switch media {
	case mediaPNG:
		c, err = png.DecodeConfig(bytes.NewReader(data))
	case mediaJPEG:
		c, err = jpeg.DecodeConfig(bytes.NewReader(data))
	case mediaGIF:
		c, err = gif.DecodeConfig(bytes.NewReader(data))
	default:
		return "", nil, refuse(problem.Unsupported, "error.image")
	}
	if err != nil {
		return "", nil, refuse(problem.Invalid, "error.image")
	}
	if c.Width < 1 || c.Height < 1 || c.Width > mostPixels/c.Height {
		return "", nil, refuseWith(problem.TooLarge, "error.image-pixels", i18n.Args{"n": "40"})
	}
	var m image.Image
	switch media {
	case mediaPNG:
		m, err = png.Decode(bytes.NewReader(data))
	case mediaJPEG:
		m, err = jpeg.Decode(bytes.NewReader(data))
	default:
		m, err = gif.Decode(bytes.NewReader(data))
	}
	if err != nil {
		return "", nil, refuse(problem.Invalid, "error.image")
	}
	m = upright(shrink(m, mostSide), orientation(data))
	var b bytes.Buffer
	if media == mediaJPEG {
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: jpegQuality})
	} else {
		media, err = mediaPNG, png.Encode(&b, m)
	}
	if err == nil && media == mediaPNG && b.Len() > mostImage {
		b.Reset()
		media, err = mediaJPEG, jpeg.Encode(&b, onWhite(m), &jpeg.Options{Quality: jpegQuality})
	}
	if err != nil {
		return "", nil, err
	}
	if b.Len() > mostImage {
		return "", nil, refuse(problem.TooLarge, "error.image-large")
	}
	return media, b.Bytes(), nil
}

// shrink returns an image of which the longest side is at most so many pixels: each pixel is the mean of those that it stands for.
func shrink(m image.Image, most int) image.Image {
	in := m.Bounds()
	w, h := in.Dx(), in.Dy()
	if w <= most && h <= most {
		return m
	}
	nw, nh := most, max(1, h*most/w)
	if h > w {
		nw, nh = max(1, w*most/h), most
	}
	out := image.NewNRGBA64(image.Rect(0, 0, nw, nh))
	for y := range nh {
		y0, y1 := in.Min.Y+y*h/nh, in.Min.Y+max((y+1)*h/nh, y*h/nh+1)
		for x := range nw {
			x0, x1 := in.Min.X+x*w/nw, in.Min.X+max((x+1)*w/nw, x*w/nw+1)
			var r, g, b, a, n uint64
			for sy := y0; sy < y1; sy++ {
				for sx := x0; sx < x1; sx++ {
					pr, pg, pb, pa := m.At(sx, sy).RGBA()
					r, g, b, a, n = r+uint64(pr), g+uint64(pg), b+uint64(pb), a+uint64(pa), n+1
				}
			}
			out.Set(x, y, color.RGBA64{R: uint16(r / n), G: uint16(g / n), B: uint16(b / n), A: uint16(a / n)})
		}
	}
	return out
}

// turned shows an image as its orientation asks (Exif 2.3, tag 0x0112).
type turned struct {
	image.Image
	how int
}

func (t turned) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.how >= 5 {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

func (t turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	w, h := b.Dx()-1, b.Dy()-1
	switch t.how {
	case 2:
		x = w - x
	case 3:
		x, y = w-x, h-y
	case 4:
		y = h - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, h-x
	case 7:
		x, y = w-y, h-x
	case 8:
		x, y = w-y, x
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}

func upright(m image.Image, how int) image.Image {
	if how < 2 || how > 8 {
		return m
	}
	return turned{m, how}
}

// onWhite shows what an image lets through on white.
func onWhite(m image.Image) image.Image {
	b := m.Bounds()
	out := image.NewRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := m.At(x, y).RGBA()
			rest := 0xffff - a
			out.Set(x, y, color.RGBA64{R: uint16(r + rest), G: uint16(g + rest), B: uint16(bl + rest), A: 0xffff})
		}
	}
	return out
}
