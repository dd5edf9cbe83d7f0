namespace Sharing.Core;

/// <summary>A transfer that is complete: its content is published in the store, but nothing refers to it yet.</summary>
/// <param name="Content">The content.</param>
/// <param name="Offer">What the sources said of it (name, media type).</param>
/// <param name="State">The record of the transfer's state: delete it in the commit that adds the reference.</param>
public sealed record TransferResult(ContentInfo Content, SourceOffer Offer, RecordKey State);
