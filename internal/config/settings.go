package config

import (
	"time"
)

// Store says where an installation keeps what it knows. Commands that work on the store alone embed it.
type Store struct {
	Config string `name:"config" env:"TEKENTAFEL_CONFIG" placeholder:"FILE" group:"Store" help:"Settings file (YAML) with the keys of this table."`

	Data         string `name:"data" env:"TEKENTAFEL_DATA" placeholder:"FOLDER" group:"Store" help:"Data folder. Without it: the folder that systemd gives ($$STATE_DIRECTORY), else /var/lib/tekentafel when it exists, else ./data."`
	Database     Secret `name:"database" env:"TEKENTAFEL_DATABASE" placeholder:"ADDRESS" group:"Store" help:"Database: the path of a SQLite file, or postgres://user:password@host:5432/name. Without it: tekentafel.db in the data folder."`
	DatabaseFile string `name:"database-file" env:"TEKENTAFEL_DATABASE_FILE" placeholder:"FILE" group:"Store" help:"File that holds the address of the database, so that its password stands in no command line."`
	Key          Secret `name:"key" env:"TEKENTAFEL_KEY" placeholder:"KEY" group:"Store" help:"Key of the installation, as tekentafel new-key prints it. By environment variable alone."`
	KeyFile      string `name:"key-file" env:"TEKENTAFEL_KEY_FILE" placeholder:"FILE" group:"Store" help:"File that holds the key of the installation. Without it: the file key in the data folder, made at the first start on SQLite. On PostgreSQL a key must be given."`

	origin origin
}

// Settings are everything that the server can be told. Embed it in a command of kong; Check then gives what the program
// works with.
type Settings struct {
	Store

	Listen         string        `name:"listen" env:"TEKENTAFEL_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" group:"Serving" help:"Address to listen on. One that other machines reach needs tls-cert and tls-key, or behind-proxy."`
	PublicURL      string        `name:"public-url" env:"TEKENTAFEL_PUBLIC_URL" default:"http://127.0.0.1:8080" placeholder:"URL" group:"Serving" help:"Address that people type, without a path. https, except on this machine itself."`
	TLSCert        string        `name:"tls-cert" env:"TEKENTAFEL_TLS_CERT" placeholder:"FILE" group:"Serving" help:"Certificate and its chain (PEM). A renewed file is picked up without a restart."`
	TLSKey         string        `name:"tls-key" env:"TEKENTAFEL_TLS_KEY" placeholder:"FILE" group:"Serving" help:"Key of the certificate (PEM)."`
	BehindProxy    bool          `name:"behind-proxy" env:"TEKENTAFEL_BEHIND_PROXY" group:"Serving" help:"A reverse proxy in front of the program speaks HTTPS with the browsers."`
	TrustedProxies []string      `name:"trusted-proxies" env:"TEKENTAFEL_TRUSTED_PROXIES" placeholder:"NETWORK" group:"Serving" help:"Addresses or networks of the reverse proxies, whose X-Forwarded-For is believed."`
	InternalListen string        `name:"internal-listen" env:"TEKENTAFEL_INTERNAL_LISTEN" placeholder:"HOST:PORT" group:"Serving" help:"Address for /metrics, /healthz and /readyz, for the monitoring alone. Off without it."`
	ShutdownGrace  time.Duration `name:"shutdown-grace" env:"TEKENTAFEL_SHUTDOWN_GRACE" default:"30s" placeholder:"DURATION" group:"Serving" help:"How long requests under way may take when the program stops."`

	MailHost         string `name:"mail-host" env:"TEKENTAFEL_MAIL_HOST" placeholder:"HOST" group:"Mail" help:"Mail server (SMTP). Without it the program sends no mail and shows links instead."`
	MailPort         int    `name:"mail-port" env:"TEKENTAFEL_MAIL_PORT" default:"587" placeholder:"PORT" group:"Mail" help:"Port of the mail server: 587 is usual with starttls, 465 with tls."`
	MailSecurity     string `name:"mail-security" env:"TEKENTAFEL_MAIL_SECURITY" default:"starttls" placeholder:"MODE" group:"Mail" help:"starttls, tls, or none, which is for a server on this machine alone."`
	MailUser         string `name:"mail-user" env:"TEKENTAFEL_MAIL_USER" placeholder:"NAME" group:"Mail" help:"Name to sign in with at the mail server, when it asks for one."`
	MailPassword     Secret `name:"mail-password" env:"TEKENTAFEL_MAIL_PASSWORD" placeholder:"PASSWORD" group:"Mail" help:"Password at the mail server. By environment variable or settings file."`
	MailPasswordFile string `name:"mail-password-file" env:"TEKENTAFEL_MAIL_PASSWORD_FILE" placeholder:"FILE" group:"Mail" help:"File that holds the password at the mail server."`
	MailFrom         string `name:"mail-from" env:"TEKENTAFEL_MAIL_FROM" placeholder:"ADDRESS" group:"Mail" help:"Sender, as Tekentafel <noreply@stad.example>."`
	MailReplyTo      string `name:"mail-reply-to" env:"TEKENTAFEL_MAIL_REPLY_TO" placeholder:"ADDRESS" group:"Mail" help:"Address to which answers go, when it is another."`
	MailCAFile       string `name:"mail-ca-file" env:"TEKENTAFEL_MAIL_CA_FILE" placeholder:"FILE" group:"Mail" help:"Certificates (PEM) of the authority that signed the mail server's, when this machine does not know it."`
	MailPerMinute    int    `name:"mail-per-minute" env:"TEKENTAFEL_MAIL_PER_MINUTE" default:"60" placeholder:"N" group:"Mail" help:"Mails that one node sends at most in a minute; 0 for no limit."`

	UploadLimit       Size     `name:"upload-limit" env:"TEKENTAFEL_UPLOAD_LIMIT" default:"256MB" placeholder:"SIZE" group:"Limits" help:"Largest file that may be uploaded."`
	RatePerMinute     int      `name:"rate-per-minute" env:"TEKENTAFEL_RATE_PER_MINUTE" default:"3000" placeholder:"N" group:"Limits" help:"Requests of one address in a minute; 0 for no limit. A whole organisation often shares one address."`
	SignInAttempts    int      `name:"sign-in-attempts" env:"TEKENTAFEL_SIGN_IN_ATTEMPTS" default:"200" placeholder:"N" group:"Limits" help:"Attempts to sign in of one address in ten minutes; 0 for no limit. Each account has a limit of its own."`
	Workers           int      `name:"workers" env:"TEKENTAFEL_WORKERS" default:"2" placeholder:"N" group:"Limits" help:"Jobs in the background that this node works on side by side."`
	AllowPrivateHosts []string `name:"allow-private-hosts" env:"TEKENTAFEL_ALLOW_PRIVATE_HOSTS" placeholder:"NETWORK" group:"Limits" help:"Networks that are not public and that the program may reach all the same, such as that of your own sign-in provider."`

	PeopleFolder string `name:"people-folder" env:"TEKENTAFEL_PEOPLE_FOLDER" placeholder:"FOLDER" group:"Environment" help:"Folder in which personnel systems leave their files, below it one for each organisation (its short name) and in that one for each source. The program takes them by itself. Off without it."`
	ModelsFile   string `name:"models-file" env:"TEKENTAFEL_MODELS_FILE" placeholder:"FILE" group:"Environment" help:"Settings (YAML) of the models that people and programs may ask and where they run. Without it: the practice model alone, which is no AI."`
	Chromium     string `name:"chromium" env:"TEKENTAFEL_CHROMIUM" placeholder:"PATH" group:"Environment" help:"Chromium that prints PDF. Without it: the one on the path. Without any, pages print from the browser."`
	Timezone     string `name:"timezone" env:"TEKENTAFEL_TIMEZONE" default:"Europe/Brussels" placeholder:"ZONE" group:"Environment" help:"Time zone in which times are shown."`

	LogLevel  string `name:"log-level" env:"TEKENTAFEL_LOG_LEVEL" default:"info" placeholder:"LEVEL" group:"Logs" help:"debug, info, warn or error."`
	LogFormat string `name:"log-format" env:"TEKENTAFEL_LOG_FORMAT" default:"json" placeholder:"FORMAT" group:"Logs" help:"json or text, to standard error."`
}
