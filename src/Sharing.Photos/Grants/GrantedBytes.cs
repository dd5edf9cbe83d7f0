namespace Sharing.Photos;

/// <summary>Bytes that a visitor may have.</summary>
/// <param name="Content">The bytes. Disposed by whoever asked.</param>
/// <param name="FileName">What a file of them is called; <c>null</c>: they are a preview, to be shown.</param>
/// <param name="MediaType">What they are, by their own word; <c>null</c>: not known.</param>
/// <param name="Closed">Ends when the grant does: not a byte is to be sent after that.</param>
public sealed record GrantedBytes(IContentReader Content, string? FileName, string? MediaType, CancellationToken Closed);
