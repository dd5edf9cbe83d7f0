namespace Sharing.Apps;

/// <summary>What is held of a repository: the record <c>fdroid/{SHA-256 of the address}</c>.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Fingerprint">SHA-256 of the certificate that signed, lower-case hex.</param>
/// <param name="Timestamp">When the repository says it was made, in ms since 1970; it never falls.</param>
/// <param name="Entry">SHA-256 of the <c>entry.json</c> that said so.</param>
/// <param name="Index">The index, as a content of the store.</param>
/// <param name="Root">The hash of what the index says, however it is written (see <c>CanonicalRoot</c>): a difference is applied to what has this one, and to nothing else.</param>
/// <param name="Apps">How many apps it names.</param>
public sealed record FdroidState(Uri Address, string Fingerprint, long Timestamp, string Entry, ContentId Index, string Root, int Apps);
