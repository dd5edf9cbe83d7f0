namespace Sharing.Messaging;

/// <summary>What was uploaded to be sent, and has not been sent yet.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="Name">Its name.</param>
/// <param name="MediaType">What it is said to be.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Until">How long it waits.</param>
sealed record StoredUpload(PersonId Owner, string Name, string? MediaType, ContentInfo Content, DateTimeOffset Until);
