namespace Sharing.Core;

/// <summary>What kind of source it is.</summary>
/// <param name="Name">Its name, for people: a host, "offline library", a terminal.</param>
/// <param name="Kind">What it is.</param>
/// <param name="PricePerByte">What a byte costs, comparable to seconds. An origin costs more than any time saved, so that it is
/// left alone as soon as anything else can deliver.</param>
public sealed record SourceTraits(string Name, SourceKind Kind, double PricePerByte = 0);
