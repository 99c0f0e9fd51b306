//! The parts of a document that is a ZIP archive.

use std::io::Read;

use super::super::archive::{Member, Origin};
use super::super::xml::source::{declared_encoding, decode_all};
use super::super::{Error, ErrorKind, Limits};

/// An archive of named parts.
pub(super) struct Package<'a> {
    origin: Origin,
    members: Vec<Member>,
    limits: &'a Limits,
}

impl<'a> Package<'a> {
    pub(super) fn open(origin: Origin, limits: &'a Limits) -> Result<Package<'a>, Error> {
        let members = origin.members()?;
        Ok(Package { origin, members, limits })
    }

    /// The text of a part; None if there is no such part.
    pub(super) fn part(&self, name: &str) -> Result<Option<String>, Error> {
        // Names of OOXML parts are compared without regard to case.
        let Some(member) =
            self.members.iter().find(|member| member.name.eq_ignore_ascii_case(name))
        else {
            return Ok(None);
        };
        let input = self.origin.member(member, self.limits.archive_ratio)?;
        let limit = self.limits.document_bytes;
        let read = |input: Box<dyn Read + Send>| {
            let decoded = decode_all(input, limit, declared_encoding).map_err(Error::reading)?;
            match decoded.malformed.first() {
                None => Ok(decoded.text),
                Some(at) => {
                    let encoding = decoded.encoding.name();
                    let message = format!("byte {at} cannot be read as {encoding}");
                    Err(Error::new(ErrorKind::Malformed, message))
                }
            }
        };
        read(input).map(Some).map_err(|error| error.named(Some(name)))
    }

    /// The text of a part that must be there.
    pub(super) fn required(&self, name: &str) -> Result<String, Error> {
        self.part(name)?.ok_or_else(|| {
            let message = format!("the part `{name}` is missing; is it really such a document?");
            Error::new(ErrorKind::OtherFormat, message)
        })
    }
}
