package findings

import "encoding/json"

// GobEncode keeps an option whole: gob by itself drops a score of 0 behind a pointer.
func (o Option) GobEncode() ([]byte, error) {
	type plain Option
	return json.Marshal(plain(o))
}

// GobDecode is the reverse of GobEncode.
func (o *Option) GobDecode(b []byte) error {
	type plain Option
	return json.Unmarshal(b, (*plain)(o))
}
