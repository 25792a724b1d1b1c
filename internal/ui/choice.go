package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// attrs are the attributes of a form that not every form has.
func (f FormSpec) attrs() templ.Attributes {
	a := templ.Attributes{}
	if f.Action != "" {
		a["action"] = string(templ.URL(f.Action))
	}
	if f.Files {
		a["enctype"] = "multipart/form-data"
	}
	if f.ID != "" {
		a["id"] = f.ID
	}
	for name, value := range f.Attrs {
		a[name] = value
	}
	return a
}

// groupAttrs are the attributes of a fieldset: what is read aloud when one enters it.
func groupAttrs(s *FormState, f Field) templ.Attributes {
	a := templ.Attributes{}
	if ids := describedBy(s, f); ids != "" {
		a["aria-describedby"] = ids
	}
	return a
}

func optionAttrs(s *FormState, c Choice, i int, o Option) templ.Attributes {
	a := templ.Attributes{}
	if o.Hint != "" {
		a["aria-describedby"] = s.optionID(c.Name, i) + "-option-hint"
	}
	for name, value := range c.Attrs {
		a[name] = value
	}
	return a
}

func fileAttrs(s *FormState, f File, lang instrument.Lang) templ.Attributes {
	var more []string
	if f.MaxBytes > 0 {
		more = append(more, s.FieldID(f.Name)+"-limit")
	}
	a := controlAttrs(s, f.Field, more...)
	if f.Accept != "" {
		a["accept"] = f.Accept
	}
	if f.MaxBytes > 0 {
		a["data-max"] = strconv.FormatInt(f.MaxBytes, 10)
		a["data-too-big"] = WordUploadTooBig.Fill(lang, sizeArg(f.MaxBytes, lang))
	}
	return a
}

func sizeArg(bytes int64, lang instrument.Lang) i18n.Args {
	return i18n.Args{"size": Size(bytes, lang)}
}

// Size writes a number of bytes as one reads it, in powers of 1000: "1,5 MB".
func Size(bytes int64, lang instrument.Lang) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	if lang == instrument.FR {
		units = []string{"o", "ko", "Mo", "Go", "To"}
	}
	x, i := float64(bytes), 0
	for x >= 999.5 && i < len(units)-1 {
		x, i = x/1000, i+1
	}
	decimals := 0
	if i > 0 && x < 9.95 {
		decimals = 1
	}
	text := messages().Printer(lang).Decimal(x, decimals)
	text = strings.TrimSuffix(strings.TrimSuffix(text, ",0"), ".0")
	return text + "\u00a0" + units[i]
}
