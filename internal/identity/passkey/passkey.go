package passkey

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Lives is how long a ceremony may take.
const Lives = 5 * time.Minute

// MaxResponse is the longest answer of a browser that is read, in bytes.
const MaxResponse = 64 << 10

// The reasons for which an answer is refused. The cause stands inside.
var (
	// ErrAnswer says that an answer does not hold: another challenge, site or key, or nobody was asked to prove themselves.
	ErrAnswer = errors.New("the answer of the passkey does not hold")
	// ErrCloned says that the count of signatures went back, as it does when there are two copies of a key.
	ErrCloned = errors.New("the passkey counts fewer signatures than before: there may be a copy of it")
	// ErrNoSite says that passkeys cannot be used at an address.
	ErrNoSite = errors.New("passkeys need an address that starts with https:// and has a host name, or http://localhost")
)

// Record is a passkey as it is stored: the key, what it may do, and the handle of its person.
type Record struct {
	Handle     []byte              `json:"handle"`
	Credential webauthn.Credential `json:"credential"`
}

// ID returns how the passkey is called, in base64url.
func (r Record) ID() string { return base64.RawURLEncoding.EncodeToString(r.Credential.ID) }

// Person is somebody who has passkeys or makes one.
type Person struct {
	Handle []byte // the same for all passkeys of a person; NewHandle makes one
	Name   string // as their device shows it beside the name of the site
	Keys   []Record
}

// NewHandle returns the handle of somebody who has no passkey yet.
func NewHandle() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}

// Site is the one address at which passkeys work.
type Site struct{ w *webauthn.WebAuthn }

// NewSite returns the site of an address as browsers know it, with the name that devices show. ErrNoSite when browsers
// would refuse.
func NewSite(publicURL, name string) (*Site, error) {
	u, err := url.Parse(publicURL)
	if err != nil || u.Host == "" || net.ParseIP(u.Hostname()) != nil {
		return nil, ErrNoSite
	}
	host := strings.ToLower(u.Hostname())
	if u.Scheme != "https" && (u.Scheme != "http" || host != "localhost" && !strings.HasSuffix(host, ".localhost")) {
		return nil, ErrNoSite
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + strings.ToLower(u.Host)},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, RequireResidentKey: protocol.ResidentKeyNotRequired(),
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Timeout: Lives, TimeoutUVD: Lives},
			Registration: webauthn.TimeoutConfig{Timeout: Lives, TimeoutUVD: Lives},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoSite, err)
	}
	return &Site{w: w}, nil
}

// Pending is what must be kept between the two halves of a ceremony, for Lives, and taken away before the second.
type Pending struct {
	Session webauthn.SessionData `json:"session"`
}

// Create begins to make a passkey. It returns what the browser needs, as JSON. A device on which the person has one
// already makes no second.
func (s *Site) Create(p Person) (options json.RawMessage, pending Pending, err error) {
	made, session, err := s.w.BeginRegistration(user(p), webauthn.WithExclusions(webauthn.Credentials(user(p).WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return nil, Pending{}, err
	}
	options, err = json.Marshal(made.Response)
	return options, Pending{Session: *session}, err
}

// Created ends making a passkey, with the answer of the browser; ErrAnswer when it does not hold.
func (s *Site) Created(p Person, pending Pending, answer []byte) (Record, error) {
	if len(answer) > MaxResponse {
		return Record{}, fmt.Errorf("%w: it is %d bytes long", ErrAnswer, len(answer))
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Record{}, refuse(err)
	}
	key, err := s.w.CreateCredential(user(p), pending.Session, parsed)
	if err != nil {
		return Record{}, refuse(err)
	}
	return Record{Handle: p.Handle, Credential: *key}, nil
}

// Ask begins to use a passkey: any of this site, or those of a person who is known already.
func (s *Site) Ask(known *Person) (options json.RawMessage, pending Pending, err error) {
	var asked *protocol.CredentialAssertion
	var session *webauthn.SessionData
	if known == nil {
		asked, session, err = s.w.BeginDiscoverableLogin()
	} else {
		asked, session, err = s.w.BeginLogin(user(*known))
	}
	if err != nil {
		return nil, Pending{}, err
	}
	options, err = json.Marshal(asked.Response)
	return options, Pending{Session: *session}, err
}

// Claimed returns the id of the passkey that an answer says it is of, in base64url, before anything of it is checked.
func Claimed(answer []byte) (id string, err error) {
	if len(answer) > MaxResponse {
		return "", fmt.Errorf("%w: it is %d bytes long", ErrAnswer, len(answer))
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return "", refuse(err)
	}
	return base64.RawURLEncoding.EncodeToString(parsed.RawID), nil
}

// Proved ends using a passkey. Person is whose the claimed passkey is, with it among the keys; the record that comes back
// replaces the stored one. ErrAnswer when the answer does not hold, ErrCloned when there may be a copy of the key.
func (s *Site) Proved(p Person, pending Pending, answer []byte) (Record, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Record{}, refuse(err)
	}
	var key *webauthn.Credential
	if len(pending.Session.UserID) == 0 {
		_, key, err = s.w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
			if !bytes.Equal(handle, p.Handle) {
				return nil, errors.New("the handle is another person's")
			}
			return user(p), nil
		}, pending.Session, parsed)
	} else {
		key, err = s.w.ValidateLogin(user(p), pending.Session, parsed)
	}
	if err != nil {
		return Record{}, refuse(err)
	}
	if key.Authenticator.CloneWarning {
		return Record{}, ErrCloned
	}
	return Record{Handle: p.Handle, Credential: *key}, nil
}

// refuse keeps what the library says, which is no more than which step failed.
func refuse(err error) error {
	var e *protocol.Error
	if errors.As(err, &e) && e.DevInfo != "" {
		return fmt.Errorf("%w: %s (%s)", ErrAnswer, e.Details, e.Type)
	}
	return fmt.Errorf("%w: %w", ErrAnswer, err)
}

// user is a person as the library wants them.
type user Person

func (u user) WebAuthnID() []byte          { return u.Handle }
func (u user) WebAuthnName() string        { return u.Name }
func (u user) WebAuthnDisplayName() string { return u.Name }
func (u user) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, len(u.Keys))
	for i, k := range u.Keys {
		out[i] = k.Credential
	}
	return out
}
