//! Scanners over text: folding, cleaning, distance. They know nothing of leads.
