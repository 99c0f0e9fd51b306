//! The places where a memory can be kept. What is tested of a memory is tested in each.

use chancery::memory::{Memory, MemoryBuilder};

/// An empty memory somewhere, which can be opened again.
pub(crate) struct Backend {
    pub(crate) name: &'static str,
    /// Opens it again; none for a memory that ends with its handle.
    reopen: Option<Reopen>,
    memory: Option<Memory>,
    options: MemoryBuilder,
}

type Reopen = Box<dyn Fn(&MemoryBuilder) -> Memory>;

impl Backend {
    /// One of each kind. A backend to be tested is added here.
    pub(crate) fn all(options: &MemoryBuilder) -> Vec<Backend> {
        let backends = [
            Some(Backend::ram(options)),
            #[cfg(feature = "sqlite")]
            Some(Backend::sqlite(options)),
            #[cfg(all(unix, feature = "postgres"))]
            Backend::postgres(options),
        ];
        backends.into_iter().flatten().collect()
    }

    fn ram(options: &MemoryBuilder) -> Backend {
        let memory = Some(options.build());
        Backend { name: "RAM", reopen: None, memory, options: options.clone() }
    }

    #[cfg(feature = "sqlite")]
    fn sqlite(options: &MemoryBuilder) -> Backend {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.chancery");
        let memory = Some(options.create(&path).unwrap());
        let reopen = move |options: &MemoryBuilder| {
            options.open(folder.path().join("memory.chancery")).unwrap()
        };
        Backend { name: "SQLite", reopen: Some(Box::new(reopen)), memory, options: options.clone() }
    }

    /// None where there is no PostgreSQL.
    #[cfg(all(unix, feature = "postgres"))]
    fn postgres(options: &MemoryBuilder) -> Option<Backend> {
        let address = crate::postgres::cluster::Cluster::shared()?.address();
        let memory = Some(options.create(&address).unwrap());
        let reopen = move |options: &MemoryBuilder| options.open(&address).unwrap();
        let reopen: Option<Reopen> = Some(Box::new(reopen));
        Some(Backend { name: "PostgreSQL", reopen, memory, options: options.clone() })
    }

    pub(crate) fn memory(&self) -> &Memory {
        self.memory.as_ref().unwrap()
    }

    /// Closes the memory and opens it again, where that leaves something.
    pub(crate) fn reopen(&mut self) {
        if let Some(reopen) = &self.reopen {
            self.memory = None;
            self.memory = Some(reopen(&self.options));
        }
    }
}

/// Runs a test on an empty memory of every kind.
pub(crate) fn on_each(test: impl Fn(&Memory)) {
    for backend in Backend::all(&MemoryBuilder::default()) {
        eprintln!("on {}", backend.name);
        test(backend.memory());
    }
}
