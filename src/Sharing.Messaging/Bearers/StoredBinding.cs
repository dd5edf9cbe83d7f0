namespace Sharing.Messaging;

/// <summary>What is kept of an address.</summary>
/// <param name="Address">The one that is confirmed; <c>null</c>: none.</param>
/// <param name="Pending">The one that a code was sent to; <c>null</c>: none.</param>
/// <param name="Code">The hash of the code.</param>
/// <param name="Asked">When codes were asked for lately.</param>
/// <param name="Guesses">How many wrong codes came.</param>
sealed record StoredBinding(string? Address, string? Pending, string? Code, IReadOnlyList<DateTimeOffset> Asked, int Guesses);
