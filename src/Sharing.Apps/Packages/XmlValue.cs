namespace Sharing.Apps;

/// <summary>A value as binary XML and resource tables write it.</summary>
/// <param name="Type">3: a string; 1: a reference to a resource; 16 to 31: an integer.</param>
/// <param name="Data">The index of the string, the resource's id, or the integer.</param>
readonly record struct XmlValue(byte Type, uint Data)
{
    const byte Reference = 1, DynamicReference = 7, Text = 3, FirstInteger = 0x10, LastInteger = 0x1f;

    public bool IsText => Type == Text;

    public bool IsReference => Type is Reference or DynamicReference;

    public bool IsInteger => Type is >= FirstInteger and <= LastInteger;
}
