package intake

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// cellFormat returns the function that writes the values of a column as the cell that a text file would have.
func cellFormat(c *parquet.Column) func(parquet.Value) ([]byte, error) {
	var logical any
	if l := c.Type().LogicalType(); l != nil {
		logical = l.Value
	}
	kind := c.Type().Kind()
	switch l := logical.(type) {
	case *format.DecimalType:
		return func(v parquet.Value) ([]byte, error) { return decimalCell(v, int(l.Scale)) }
	case *format.DateType:
		return func(v parquet.Value) ([]byte, error) {
			return []byte(time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly)), nil
		}
	case *format.TimestampType:
		per := map[string]int64{"MILLIS": 1e3, "MICROS": 1e6, "NANOS": 1e9}[l.Unit.String()]
		if per == 0 {
			per = 1e9
		}
		return func(v parquet.Value) ([]byte, error) {
			at := time.Unix(v.Int64()/per, v.Int64()%per*(1e9/per)).UTC()
			return []byte(strings.TrimSuffix(at.Format("2006-01-02 15:04:05.999999999"), " 00:00:00")), nil
		}
	case *format.IntType:
		if !l.IsSigned {
			return func(v parquet.Value) ([]byte, error) {
				if v.Kind() == parquet.Int32 {
					return strconv.AppendUint(nil, uint64(v.Uint32()), 10), nil
				}
				return strconv.AppendUint(nil, v.Uint64(), 10), nil
			}
		}
	}
	switch kind {
	case parquet.Boolean:
		return func(v parquet.Value) ([]byte, error) { return strconv.AppendBool(nil, v.Boolean()), nil }
	case parquet.Int32:
		return func(v parquet.Value) ([]byte, error) { return strconv.AppendInt(nil, int64(v.Int32()), 10), nil }
	case parquet.Int64:
		return func(v parquet.Value) ([]byte, error) { return strconv.AppendInt(nil, v.Int64(), 10), nil }
	case parquet.Float:
		return func(v parquet.Value) ([]byte, error) { return floatCell(float64(v.Float()), 32), nil }
	case parquet.Double:
		return func(v parquet.Value) ([]byte, error) { return floatCell(v.Double(), 64), nil }
	case parquet.ByteArray:
		return func(v parquet.Value) ([]byte, error) { return v.ByteArray(), nil }
	default:
		return func(parquet.Value) ([]byte, error) {
			return nil, &Error{
				Kind: KindFormat, Message: fmt.Sprintf("the column holds values of the type %s, which are no answers", c.Type()),
				Mend: "write the column as text or numbers",
			}
		}
	}
}

// floatCell writes a number; what is no number is an empty cell.
func floatCell(v float64, bits int) []byte {
	switch {
	case math.IsNaN(v):
		return nil
	case bits == 32: // the number that was meant by the fewest digits
		if shortest, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', -1, 32), 64); err == nil {
			v = shortest
		}
	}
	return []byte(numberText(v))
}

// decimalCell writes a whole number of units of 10^-scale.
func decimalCell(v parquet.Value, scale int) ([]byte, error) {
	units := new(big.Int)
	switch v.Kind() {
	case parquet.Int32:
		units.SetInt64(int64(v.Int32()))
	case parquet.Int64:
		units.SetInt64(v.Int64())
	default:
		b := v.ByteArray() // two's complement, the highest byte first
		if len(b) > 64 {
			return nil, fmt.Errorf("a decimal number of %d bytes", len(b))
		}
		units.SetBytes(b)
		if len(b) > 0 && b[0]&0x80 != 0 {
			units.Sub(units, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	}
	if scale < 0 || scale > 64 {
		return nil, fmt.Errorf("a decimal number with %d decimals", scale)
	}
	text := new(big.Rat).SetFrac(units, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)).FloatString(scale)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return []byte(text), nil
}
