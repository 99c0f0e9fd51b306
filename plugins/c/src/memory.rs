//! Memories: opened, saved, closed.

use std::ffi::c_char;
use std::sync::Arc;

use chancery::memory::Memory;
use chancery::tasks::OpenMemory;

use crate::border::{give, guarded, or, put, required, text};
use crate::handles::{self, Object};
use crate::status::{CHANCERY_ABI_VERSION, CHANCERY_NO_SUCH_HANDLE, CHANCERY_OK, Failure, Status};

/// As in the header.
pub const CHANCERY_CREATE: u32 = 1;

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_abi_version() -> u32 {
    CHANCERY_ABI_VERSION
}

/// See the header.
///
/// # Safety
///
/// Texts can be read as long as they say; `memory` and `error` are null or places for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_open(
    path: *const c_char,
    path_length: usize,
    author: *const c_char,
    author_length: usize,
    flags: u32,
    memory: *mut u64,
    error: *mut u64,
) -> Status {
    let inside = || {
        let memory = required(memory, "memory")?;
        // SAFETY: the caller says that the texts can be read.
        let (path, author) =
            unsafe { (text(path, path_length, "path")?, text(author, author_length, "author")?) };
        let mut options = Memory::builder();
        options.author(author);
        let open = match flags {
            0 => OpenMemory::open_with(path, &options)?,
            CHANCERY_CREATE => OpenMemory::open_or_create_with(path, &options)?,
            _ => return Err(Failure::argument(format!("there is no flag {flags}"))),
        };
        // SAFETY: it is not null, and the caller says that it is a place for a handle.
        unsafe { put(memory, handles::keep(Object::Memory(Arc::new(open)))) };
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
///
/// # Safety
///
/// `error` is null or a place for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_save(memory: u64, error: *mut u64) -> Status {
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, || Ok(handles::memory(memory)?.save()?)) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_close(handle: u64) -> Status {
    or(CHANCERY_NO_SUCH_HANDLE, || {
        Ok(if handles::forget(handle) { CHANCERY_OK } else { CHANCERY_NO_SUCH_HANDLE })
    })
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_error_message(error: u64, length: *mut usize) -> *const c_char {
    let inside = || {
        let message = handles::error(error)?;
        // The text is kept by the handle, and lasts as long.
        Ok((message.as_ptr().cast(), message.len()))
    };
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}
