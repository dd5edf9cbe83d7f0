namespace Sharing.Messaging;

/// <summary>What came of opening a resource.</summary>
/// <param name="Handler">Which handler opened it.</param>
/// <param name="MediaType">What there is to show: text, a picture, or whatever the reader can play.</param>
public sealed record OpenedResource(string Handler, string MediaType);
