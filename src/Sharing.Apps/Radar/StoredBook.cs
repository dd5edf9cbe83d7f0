namespace Sharing.Apps;

/// <summary>A registered address book, as it is kept.</summary>
/// <param name="Key">The key of its parts, wrapped by the host's: with this record gone, nothing opens them, wherever copies are left.</param>
/// <param name="Parts">How many parts it has.</param>
/// <param name="Person">Whose: the record's key holds only a hash of his id.</param>
sealed record StoredBook(byte[] Key, int Parts, PersonId Person);

/// <summary>A part of a book: sealed tokens.</summary>
/// <param name="Sealed">Eight bytes for each.</param>
sealed record StoredPart(byte[] Sealed);

/// <summary>What an account may still try.</summary>
/// <param name="Left">New contacts.</param>
/// <param name="At">When that was so.</param>
sealed record StoredBudget(double Left, DateTimeOffset At);
