namespace Sharing.Core;

/// <summary>An upload that is complete.</summary>
/// <param name="Address">The upload's address.</param>
/// <param name="Result">What the receiving system calls it now, if the server says so.</param>
public sealed record UploadReceipt(Uri Address, string? Result);
