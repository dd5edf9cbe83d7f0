namespace Sharing;

/// <summary>A picture in a notification.</summary>
/// <param name="Id">What the text refers to it by: letters, digits and hyphens.</param>
/// <param name="Jpeg">A JPEG file.</param>
public sealed record NotificationPicture(string Id, ReadOnlyMemory<byte> Jpeg);
