namespace Sharing.Apps;

/// <summary>Values of the element that a manifest is at, with references followed into the resource table, which is opened when the first is met.</summary>
sealed class ManifestValues(BinaryXmlReader reader, Func<ResourceTable?> open)
{
    ResourceTable? _table;
    bool _opened;

    ResourceTable? Table
    {
        get
        {
            (_table, _opened) = (_opened ? _table : open(), true);
            return _table;
        }
    }

    /// <summary>A text; <c>null</c>: there is none, or it is empty or elsewhere.</summary>
    public string? Text(uint attribute)
    {
        var value = reader.Value(attribute);
        var text = value is { IsReference: true } reference ? Table?.Find(reference.Data) is { IsText: true } found ? Table.Text(found.Data) : null
            : value is { IsText: true } literal ? reader.Text(literal.Data)
            : null;
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>A text of an attribute without a resource id.</summary>
    public string? Text(string attribute) => reader.Value(attribute) is { IsText: true } literal ? reader.Text(literal.Data) : null;

    /// <summary>An integer; <c>null</c>: there is none, or something else.</summary>
    public int? Integer(uint attribute) => Integer(reader.Value(attribute));

    /// <summary>An integer of an attribute that older tools write without its resource id.</summary>
    public int? Integer(uint attribute, string name) => Integer(reader.Value(attribute) ?? reader.Value(name));

    int? Integer(XmlValue? value) => (value is { IsReference: true } reference ? Table?.Find(reference.Data) : value) is { IsInteger: true } integer ? (int)integer.Data : null;
}
