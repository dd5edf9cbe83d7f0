using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Sharing.Tests.Laws;

/// <summary>What a compiled method uses: a member of another assembly, a type, or native code. However it was written, this is what will run.</summary>
/// <param name="User">The outermost type whose code uses it.</param>
/// <param name="Type">The full name of the type used; of native code, "native".</param>
/// <param name="Member">The member's name; a type that is only named: "typeof".</param>
/// <param name="Text">The text constant that the instruction before it loads: a call's last argument, where that is one.</param>
sealed record CompiledUse(string User, string Type, string Member, string? Text)
{
    static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Everything that an assembly's code uses.</summary>
    public static IReadOnlyList<CompiledUse> Of(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var names = new TypeNames(metadata);
        var uses = new List<CompiledUse>();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            var user = names.Outermost(method.GetDeclaringType());
            if (method.GetImport() is { Module.IsNil: false } import)
            {
                var module = metadata.GetString(metadata.GetModuleReference(import.Module).Name);
                uses.Add(new(user, "native", $"{module}:{metadata.GetString(import.Name)}", null));
            }

            if (method.RelativeVirtualAddress != 0 && (method.ImplAttributes & System.Reflection.MethodImplAttributes.Native) == 0)
            {
                Read(file.GetMethodBody(method.RelativeVirtualAddress).GetILReader(), metadata, names, user, uses);
            }
        }

        return uses;
    }

    static void Read(BlobReader code, MetadataReader metadata, TypeNames names, string user, List<CompiledUse> uses)
    {
        string? text = null;
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            var operation = Codes[value == 0xFE ? (value << 8) | code.ReadByte() : value];
            var before = text;
            text = null;
            switch (operation.OperandType)
            {
                case OperandType.InlineString:
                    text = metadata.GetUserString((UserStringHandle)MetadataTokens.Handle(code.ReadInt32()));
                    break;
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    uses.AddRange(names.Named(MetadataTokens.EntityHandle(code.ReadInt32())).Select(one => new CompiledUse(user, one.Type, one.Member, before)));
                    break;
                case OperandType.InlineSig:
                    code.ReadInt32();
                    uses.Add(new(user, "native", "a pointer to code", null));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                default:
                    code.Offset += SizeOf(operation.OperandType);
                    break;
            }
        }
    }

    static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    /// <summary>Finds the names of what tokens mean; of a generic thing also those of its arguments.</summary>
    sealed class TypeNames(MetadataReader metadata) : ISignatureTypeProvider<ImmutableArray<string>, object?>
    {
        public string Outermost(TypeDefinitionHandle handle)
        {
            var type = metadata.GetTypeDefinition(handle);
            return type.GetDeclaringType() is { IsNil: false } outer ? Outermost(outer) : FullName(type.Namespace, type.Name);
        }

        public IEnumerable<(string Type, string Member)> Named(EntityHandle handle)
        {
            switch (handle.Kind)
            {
                case HandleKind.MemberReference:
                    var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                    var of = Types(member.Parent);
                    return of.Take(1).Select(type => (type, metadata.GetString(member.Name))).Concat(of.Skip(1).Select(type => (type, "typeof")));
                case HandleKind.MethodSpecification:
                    var generic = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                    return Named(generic.Method).Concat(generic.DecodeSignature(this, null).SelectMany(types => types).Select(type => (type, "typeof")));
                case HandleKind.TypeReference or HandleKind.TypeSpecification:
                    return Types(handle).Select(type => (type, "typeof"));
                default:
                    return []; // of this assembly: its code is read anyway
            }
        }

        ImmutableArray<string> Types(EntityHandle handle) => handle.Kind switch
        {
            HandleKind.TypeReference => GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0),
            HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
            _ => [],
        };

        string FullName(StringHandle space, StringHandle name) =>
            space.IsNil ? metadata.GetString(name) : metadata.GetString(space) + "." + metadata.GetString(name);

        public ImmutableArray<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = metadata.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)
                : [FullName(type.Namespace, type.Name)];
        }

        public ImmutableArray<string> GetGenericInstantiation(ImmutableArray<string> genericType, ImmutableArray<ImmutableArray<string>> typeArguments) =>
            [.. genericType, .. typeArguments.SelectMany(types => types)];

        public ImmutableArray<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [Outermost(handle)];

        public ImmutableArray<string> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public ImmutableArray<string> GetModifiedType(ImmutableArray<string> modifier, ImmutableArray<string> unmodifiedType, bool isRequired) => unmodifiedType;

        public ImmutableArray<string> GetArrayType(ImmutableArray<string> elementType, ArrayShape shape) => elementType;

        public ImmutableArray<string> GetSZArrayType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetByReferenceType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPointerType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPinnedType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetFunctionPointerType(MethodSignature<ImmutableArray<string>> signature) => ["native"];

        public ImmutableArray<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [typeCode.ToString()];

        public ImmutableArray<string> GetGenericMethodParameter(object? genericContext, int index) => ["T"];

        public ImmutableArray<string> GetGenericTypeParameter(object? genericContext, int index) => ["T"];
    }
}
