namespace Sharing.Core;

/// <summary>The record <c>upload/{id}</c>. How many bytes are there is not in it: the partial content says that.</summary>
/// <param name="Owner">Who uploads.</param>
/// <param name="Purpose">The receiver.</param>
/// <param name="Length">The bytes in all, reserved in the owner's space until it is complete.</param>
/// <param name="Metadata">The header as it was sent.</param>
/// <param name="Created">When it was begun.</param>
/// <param name="Expires">When it may be deleted.</param>
/// <param name="Content">What its bytes are, written down before they are published.</param>
/// <param name="Complete">Whether the receiver has taken it over.</param>
/// <param name="Result">What the receiver calls it.</param>
sealed record UploadRecord(
    PersonId Owner, string Purpose, long Length, string Metadata, DateTimeOffset Created, DateTimeOffset Expires, ContentId? Content = null,
    bool Complete = false, string? Result = null);
