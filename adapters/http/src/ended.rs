//! How an exchange ended, from what went wrong and how far it was.

use crate::call::Call;
use leadwright::deliver::{Exchanged, Lost, NotSent};
use rustls::{AlertDescription as Alert, Error as TlsError};
use std::io::ErrorKind;
use ureq::Error;

/// An exchange that has no answer.
pub(crate) fn ended(call: &Call, error: &Error) -> Exchanged {
    if !call.gate.is_sent() {
        return Exchanged::NotSent(not_sent(call, error));
    }
    if is_refused_handshake(call, error) {
        return Exchanged::NotSent(NotSent::Tls);
    }
    Exchanged::Lost(lost(error))
}

fn not_sent(call: &Call, error: &Error) -> NotSent {
    match error {
        Error::Timeout(_) if call.left().is_zero() && !call.seen().fresh => NotSent::TooLate,
        Error::Timeout(_) => NotSent::NoConnection,
        Error::HostNotFound => NotSent::NoAddress,
        Error::Http(_) | Error::BadUri(_) | Error::Protocol(_) => NotSent::Unsendable,
        Error::Tls(_) => NotSent::Tls,
        // It answered, and not as TLS has it: wrong bytes, or the end.
        Error::Io(error) if call.seen().handshake && !is_timeout(error.kind()) => NotSent::Tls,
        _ => NotSent::NoConnection,
    }
}

fn lost(error: &Error) -> Lost {
    match error {
        // An alert is a way to hang up.
        _ if matches!(tls_error(error), Some(TlsError::AlertReceived(_))) => Lost::Broken,
        Error::Timeout(_) => Lost::Timeout,
        Error::LargeResponseHeader(..) | Error::BodyExceedsLimit(_) => Lost::TooLarge,
        Error::Protocol(wrong) if wrong.to_string().contains("too many headers") => Lost::TooLarge,
        Error::Protocol(_) | Error::Http(_) => Lost::Unreadable,
        Error::Io(error) if is_timeout(error.kind()) => Lost::Timeout,
        Error::Io(error) if error.kind() == ErrorKind::InvalidData => Lost::Unreadable,
        _ => Lost::Broken,
    }
}

fn is_timeout(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::TimedOut | ErrorKind::WouldBlock)
}

/// In TLS 1.3 a client is through with its handshake, and sends, before the server has looked at its certificate. One that
/// does not like it says so with an alert that only it can have written, and has read nothing of what came behind. (Where the
/// server closes in a hurry, a reset may overtake the alert; then nobody knows.)
fn is_refused_handshake(call: &Call, error: &Error) -> bool {
    let seen = call.seen();
    let Some(TlsError::AlertReceived(alert)) = tls_error(error).filter(|_| seen.fresh && !seen.answer) else {
        return false;
    };
    let about_handshakes = [
        Alert::HandshakeFailure,
        Alert::DecryptError,
        Alert::NoCertificate,
        Alert::BadCertificate,
        Alert::UnsupportedCertificate,
        Alert::CertificateRevoked,
        Alert::CertificateExpired,
        Alert::CertificateUnknown,
        Alert::UnknownCA,
        Alert::AccessDenied,
        Alert::CertificateRequired,
    ];
    about_handshakes.contains(alert)
}

/// The words of rustls, which come inside of an error of the socket.
fn tls_error(error: &Error) -> Option<&TlsError> {
    match error {
        Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}
